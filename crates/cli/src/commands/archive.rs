//! `lanyard archive`: moves older entries of the log into a file of their own.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lanyard_store::archive::archive;
use lanyard_store::{Moment, StoreError};
use serde_json::json;

use crate::access::moment;
use crate::failure::Failure;
use crate::instance::args::KeyFileArg;
use crate::output::Json;
use crate::stores;

/// Move the entries of the log that were made before a time into a file of their own.
///
/// The file is verified before anything is removed, and a checkpoint takes the place of the entries. `lanyard history
/// --archive FILE` shows them, and `lanyard doctor --archive FILE` verifies that they join the store. Nothing else writes
/// a data directory meanwhile: a server that runs has --keep-history for this.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  lanyard archive lanyard-data --before 2026-01-01 --to before-2026.archive\n  \
                        lanyard archive postgres://lanyard@db.example.com/lanyard --before 2026-01-01 --to before-2026.archive")]
pub(crate) struct Args {
    /// The data directory, as given to `lanyard serve --data`, or the URL of the database, as given to `--database`
    #[arg(value_name = "DIR|URL")]
    data: PathBuf,

    /// Entries made before this time go: 2026-01-01, or 2026-01-01T09:30:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    before: Moment,

    /// The file of the archive, which is made
    #[arg(long, value_name = "FILE")]
    to: PathBuf,

    #[command(flatten)]
    key_file: KeyFileArg,

    /// Print the numbers as JSON
    #[arg(long)]
    json: bool,
}

/// Makes the archive, and gives the space of the entries back.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let Moment::Time(before) = args.before else {
        return Err(Failure::Message(
            "--before takes a time, such as 2026-01-01, since every stream has revisions of its own".to_owned(),
        ));
    };
    // To write, a data directory would be made where there is none.
    let place = args.key_file.place(&args.data);
    drop(stores::open_read_only(&place).map_err(Failure::from_error)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let archived = runtime.block_on(async {
        let store = stores::open(&place).await.map_err(|error| match error {
            StoreError::InUse(_) => Failure::Message(format!(
                "{error}; stop it, or start it with --keep-history AGE --archive-to DIR, with which it archives by itself"
            )),
            error => Failure::from_error(error),
        })?;
        let archived = archive(store.as_ref(), before, &args.to).await.map_err(Failure::from_error)?;
        store.compact(true).await.map_err(Failure::from_error)?;
        Ok::<_, Failure>(archived)
    })?;
    let (streams, entries) = (archived.streams, archived.entries);
    if args.json {
        writeln!(out, "{}", Json(&json!({ "streams": streams, "entries": entries })))?;
    } else if entries == 0 {
        writeln!(out, "no entry was made before that time; no archive was made")?;
    } else {
        let of = if streams == 1 { "stream" } else { "streams" };
        writeln!(out, "{entries} entries of {streams} {of} are in `{}`", args.to.display())?;
    }
    Ok(ExitCode::SUCCESS)
}
