//! `lanyard doctor`: verifies a data directory or a database, also while a server uses it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::instance::args::KeyFileArg;
use crate::stores;

/// Verify a data directory or a database: the chain of hashes, and that the current state follows from the log.
///
/// Works while a server runs, and changes no data. The exit code is 0 when the data is sound, and 1 when it is not.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lanyard doctor lanyard-data\n  lanyard doctor postgres://reader@db.example.com/lanyard"
)]
pub(crate) struct Args {
    /// The data directory, as given to `lanyard serve --data`, or the URL of the database, as given to `--database`.
    #[arg(value_name = "DIR|URL")]
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
/// There is no data, a later version wrote it, or `out` cannot be written.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> io::Result<ExitCode> {
    let report = stores::doctor(&args.key_file.place(&args.directory)).map_err(io::Error::other)?;
    if args.json {
        writeln!(out, "{}", report.to_json())?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
