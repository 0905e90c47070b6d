//! `lanyard backup`: writes what a data directory or a database holds at this moment into one file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lanyard_service::SystemEnvironment;
use lanyard_store::copy::{About, CopyError, Summary, back_up, is_backup};

use crate::copies::{CopyProgress, Report, now};
use crate::failure::Failure;
use crate::instance::args::KeyFileArg;
use crate::stores::{self, shown, wait};

/// Write what a data directory or a database holds at this moment into one file, also while a server writes.
///
/// The file has every entry of the log and every secret. It contains password hashes: keep it as the data itself. It is
/// written under another name and renamed when it is whole and on disk.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  lanyard backup lanyard-data lanyard.backup\n  \
                        lanyard backup postgres://reader@db.example.com/lanyard nightly.backup --json\n  \
                        lanyard backup lanyard-data - | age -r KEY > lanyard.backup.age")]
pub(crate) struct Args {
    /// The data directory, or the URL of the database; a role that can only read is enough
    #[arg(value_name = "DIR|URL")]
    from: PathBuf,

    /// The file to write, which an earlier backup of this name gives way to; - for standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    key_file: KeyFileArg,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Whether the backup goes to standard output, which then is no text.
    pub(crate) fn is_piped(&self) -> bool {
        self.file == Path::new("-")
    }
}

/// Writes the file, and prints its contents: each stream's last revision.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let about = About { created: now(), lanyard: env!("CARGO_PKG_VERSION").to_owned() };
    let is_piped = args.is_piped();
    if is_piped && io::stdout().is_terminal() {
        return Err(Failure::Message("a backup is not text: send standard output to a file or a command".to_owned()));
    }
    let (summary, bytes) = if is_piped {
        copy(args, &about, &mut *out).map_err(|error| of_source(args, &error))?
    } else {
        to_file(args, &about)?
    };
    let report = Report::new(Some(&about), Some(bytes), &summary);
    let title = if is_piped { "standard output".to_owned() } else { args.file.display().to_string() };
    match is_piped {
        true => report.write(&title, args.json, &mut io::stderr().lock())?,
        false => report.write(&title, args.json, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn copy(args: &Args, about: &About, out: impl Write) -> Result<(Summary, u64), CopyError> {
    let store = stores::open_read_only(&args.key_file.place(&args.from))?;
    let mut progress = CopyProgress::new("read");
    let done = wait(back_up(&*store, about, out, &mut |done| progress.step(done)));
    progress.finish();
    done
}

fn of_source(args: &Args, error: &CopyError) -> Failure {
    match error {
        CopyError::Unsound(fault) => {
            let from = shown(&args.from);
            Failure::Message(format!("{fault}; `lanyard doctor {from}` says what else is wrong"))
        }
        CopyError::Io(error) => Failure::Message(format!("`{}`: {error}", args.file.display())),
        error => Failure::from_error(error),
    }
}

/// Writes the file under a name of its own, and renames it when it is on disk.
fn to_file(args: &Args, about: &About) -> Result<(Summary, u64), Failure> {
    let file = args.file.as_path();
    let failed = |error: io::Error| Failure::Message(format!("`{}`: {error}", file.display()));
    refuse_other(file)?;
    let random: [u8; 32] = SystemEnvironment::shared().random().map_err(failed)?;
    let suffix: String = random.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut name = file.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?.to_owned();
    name.push(format!(".{suffix}.part"));
    let part = file.with_file_name(name);
    let written = write_part(args, about, &part).and_then(|done| {
        fs::rename(&part, file).map_err(failed)?;
        let parent = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(parent).and_then(|directory| directory.sync_all()).map_err(failed)?;
        Ok(done)
    });
    if written.is_err() {
        // The reason is reported; a part that cannot be removed has a name that says what it is.
        let _ = fs::remove_file(&part);
    }
    written
}

fn write_part(args: &Args, about: &About, part: &Path) -> Result<(Summary, u64), Failure> {
    let failed = |error: io::Error| Failure::Message(format!("`{}`: {error}", part.display()));
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(part).map_err(failed)?);
    let done = copy(args, about, &mut out).map_err(|error| of_source(args, &error))?;
    let out = out.into_inner().map_err(|error| failed(error.into_error()))?;
    out.sync_all().map_err(failed)?;
    Ok(done)
}

/// Refuses to replace what is not a backup.
fn refuse_other(path: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::Message(format!("`{}`: {error}", path.display()));
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(error)),
        Ok(it) if it.is_file() && is_backup(File::open(path).map_err(failed)?).map_err(failed)? => Ok(()),
        Ok(_) => Err(Failure::Message(format!(
            "`{}` is there and is not a backup: it is left as it is; choose another name",
            path.display()
        ))),
    }
}
