//! `lanyard doctor`: verifies a data directory or a database, also while a server uses it, or a backup.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lanyard_store::copy::About;

use crate::copies::{CopyProgress, iso, open_backup};
use crate::failure::Failure;
use crate::instance::args::KeyFileArg;
use crate::stores;

/// Verify a data directory, a database or a backup: the chain of hashes, and that the current state follows from the log.
///
/// Works while a server runs, and changes no data. A backup must also be whole. The exit code is 0 when the data is sound, and 1 when it is not.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lanyard doctor lanyard-data\n  lanyard doctor postgres://reader@db.example.com/lanyard\n  \
                        lanyard doctor lanyard.backup"
)]
pub(crate) struct Args {
    /// The data directory, as given to `lanyard serve --data`, the URL of the database, as given to `--database`,
    /// or a file of `lanyard backup`.
    #[arg(value_name = "DIR|URL|FILE")]
    directory: PathBuf,
    #[command(flatten)]
    key_file: KeyFileArg,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Prints the report to `out`.
///
/// # Errors
/// There is no data, a later version wrote it, a backup is not whole, or `out` cannot be written.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let report = if args.directory.is_file() {
        let path = &args.directory;
        let mut backup = open_backup(path)?;
        let mut progress = CopyProgress::new("verified");
        let report = backup.examine(&mut |done| progress.step(done));
        progress.finish();
        if !args.json {
            let About { created, lanyard } = backup.about();
            writeln!(out, "a backup of {}, by Lanyard {lanyard}", iso(*created))?;
        }
        report.map_err(|error| Failure::Message(format!("`{}`: {error}", path.display())))?
    } else {
        stores::doctor(&args.key_file.place(&args.directory)).map_err(Failure::from_error)?
    };
    if args.json {
        writeln!(out, "{}", report.to_json())?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
