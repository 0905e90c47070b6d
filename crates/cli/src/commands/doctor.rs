//! `lanyard doctor`: verifies a data directory or a database, also while a server uses it, or a backup.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lanyard_model::StreamId;
use lanyard_model::visible::printable_json;
use lanyard_store::archive::{Archive, ArchivedStream};
use lanyard_store::copy::About;
use lanyard_store::doctor::Report;
use lanyard_store::{Logged, Position, Store, StoreError, chain};

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
    /// The file of an archive to verify as well, and that its entries join those of the store. Can be repeated.
    #[arg(long, value_name = "FILE")]
    archive: Vec<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Prints the report to `out`.
///
/// # Errors
/// There is no data, a later version wrote it, a backup is not whole, or `out` cannot be written.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut report = if args.directory.is_file() {
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
    if !args.archive.is_empty() {
        if args.directory.is_file() {
            let text =
                "--archive verifies that an archive joins a data directory or a database; restore the backup first";
            return Err(Failure::Message(text.to_owned()));
        }
        let place = args.key_file.place(&args.directory);
        let store = stores::open_read_only(&place).map_err(Failure::from_error)?;
        stores::wait(check_archives(store.as_ref(), &args.archive, &mut report)).map_err(Failure::from_error)?;
    }
    if args.json {
        writeln!(out, "{}", printable_json(&report.to_json()))?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Verifies archives, and that each ends where the store or another of them goes on.
async fn check_archives(store: &dyn Store, files: &[PathBuf], report: &mut Report) -> Result<(), StoreError> {
    let mut archives = Vec::new();
    for file in files {
        match Archive::open(file).and_then(|archive| archive.verify().map(|()| archive)) {
            Ok(archive) => archives.push(archive),
            Err(error) => report.fault(file.display(), error),
        }
    }
    for archive in &archives {
        for archived in archive.streams() {
            let is_next = |other: &ArchivedStream| {
                other.stream == archived.stream
                    && (other.after, &other.after_hash) == (archived.revision, &archived.hash)
            };
            let is_followed = archives.iter().flat_map(Archive::streams).any(is_next);
            if !is_followed && !is_in_store(store, archived).await? {
                report.fault(
                    archive.path().display(),
                    format_args!(
                        "{} ends with entry {}, and neither the store nor another of the archives goes on after it",
                        archived.stream, archived.revision
                    ),
                );
            }
        }
    }
    Ok(())
}

/// Whether the last archived entry of a stream is the cut of the store, or an entry that the store still has.
async fn is_in_store(store: &dyn Store, archived: &ArchivedStream) -> Result<bool, StoreError> {
    let Some(stream) = StreamId::parse(&archived.stream) else { return Ok(false) };
    let hash = chain::parse(&archived.hash);
    let is_last = |position: Position| position.revision == archived.revision && Some(position.hash) == hash;
    if store.checkpoints(&stream).await?.iter().any(|it| it.is_cut && is_last(it.position)) {
        return Ok(true);
    }
    match store.read(&stream, archived.revision.saturating_sub(1), 1).await {
        Err(StoreError::Archived { .. }) => Ok(false),
        entries => {
            let is_entry = |it: &Logged| is_last(Position { revision: it.revision, hash: it.hash });
            Ok(entries?.first().is_some_and(is_entry))
        }
    }
}
