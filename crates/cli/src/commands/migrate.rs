//! `lanyard migrate`: copies a data directory or a database into an empty one of either kind.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lanyard_store::StoreError;
use lanyard_store::copy::migrate;

use crate::copies::{Report, fill};
use crate::failure::Failure;
use crate::instance::args::KeyFileArg;
use crate::stores::{self, shown, wait};

/// Copy a data directory or a database into an empty one of either kind.
///
/// Every entry keeps its bytes and its hash, so that the revisions stay the same; the chain and the state of the copy are
/// verified. Stop the servers of the source first: what they write later is not in the copy. A migration that is
/// interrupted leaves data that no server opens.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  lanyard migrate lanyard-data postgres://lanyard@db.example.com/lanyard\n  \
                        lanyard migrate postgres://reader@db.example.com/lanyard lanyard-data --while-written")]
pub(crate) struct Args {
    /// The data directory or the URL of the database that is copied; it is only read
    #[arg(value_name = "FROM")]
    from: PathBuf,

    /// The data directory, which is made if need be, or the URL of the database; empty
    #[arg(value_name = "TO")]
    to: PathBuf,

    /// Copy the source as it is at this moment, also while servers write it
    #[arg(long)]
    while_written: bool,

    #[command(flatten)]
    key_file: KeyFileArg,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Copies, and prints each stream's last revision.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let from = shown(&args.from);
    let stop = "stop its servers, or copy it as it is at this moment with --while-written";
    let lock = match args.while_written {
        true => None,
        false => stores::lock_to_copy(&args.from).map_err(|error| match error {
            StoreError::InUse(_) => Failure::Message(format!("a server writes `{from}`: {stop}")),
            error => Failure::from_error(error),
        })?,
    };
    let source = stores::open_read_only(&args.key_file.place(&args.from)).map_err(Failure::from_error)?;
    let point = wait(source.copy_point()).map_err(Failure::from_error)?;
    let summary = point.summary();
    fill(
        &args.key_file.place(&args.to),
        async |store, observe| migrate(&*source, point.clone(), store, observe).await,
        |written| {
            if let Some(stream) = point.difference(written) {
                return Err(format!("{stream} is not the same in the copy"));
            }
            if args.while_written {
                return Ok(());
            }
            let after = wait(source.copy_point()).map_err(|error: StoreError| error.to_string())?;
            match point.difference(&after) {
                Some(stream) => Err(format!("`{from}` was written while it was copied ({stream}): {stop}")),
                None => Ok(()),
            }
        },
    )?;
    drop(lock);
    let title = format!("copied `{from}` into `{}`", shown(&args.to));
    Report::new(None, None, &summary).write(&title, args.json, out)?;
    Ok(ExitCode::SUCCESS)
}
