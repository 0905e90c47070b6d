//! `lanyard restore`: fills an empty data directory or database from a backup.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lanyard_store::copy::restore;

use crate::copies::{CopyProgress, Report, fill, iso, open_backup};
use crate::failure::Failure;
use crate::instance::args::KeyFileArg;
use crate::stores::shown;

/// Fill an empty data directory or database from a backup.
///
/// The whole file is verified before anything is written: one that is cut off, changed or of a later version is refused.
/// The result is verified too. A restore that is interrupted leaves data that no server opens.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  lanyard restore lanyard.backup lanyard-data\n  \
                        lanyard restore nightly.backup postgres://lanyard@db.example.com/lanyard")]
pub(crate) struct Args {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The data directory, which is made if need be, or the URL of the database; empty
    #[arg(value_name = "DIR|URL")]
    to: PathBuf,

    #[command(flatten)]
    key_file: KeyFileArg,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Fills the place, and prints each stream's last revision.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut backup = open_backup(&args.file)?;
    let mut progress = CopyProgress::new("verified");
    let examined = backup.examine(&mut |done| progress.step(done));
    progress.finish();
    let name = args.file.display();
    let report = examined.map_err(|error| Failure::Message(format!("`{name}`: {error}")))?;
    if !report.is_sound() {
        return {
            let first = format!("the backup `{name}` is not sound:");
            let report = report.to_string();
            Err(Failure::Lines([first.as_str()].into_iter().chain(report.lines()).map(str::to_owned).collect()))
        };
    }
    let (about, bytes, summary) = (backup.about().clone(), backup.bytes(), backup.summary().clone());
    fill(
        &args.key_file.place(&args.to),
        async |store, observe| restore(&mut backup, store, observe).await,
        |written| match written.summary() == summary {
            true => Ok(()),
            false => Err("other streams are there than in the backup".to_owned()),
        },
    )?;
    let title = format!(
        "restored into `{}` the backup of {}, by Lanyard {}",
        shown(&args.to),
        iso(about.created),
        about.lanyard
    );
    Report::new(Some(&about), Some(bytes), &summary).write(&title, args.json, out)?;
    Ok(ExitCode::SUCCESS)
}
