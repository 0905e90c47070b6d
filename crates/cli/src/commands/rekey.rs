//! `lanyard rekey`: seals the secrets of a store with the newest key.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::instance::args::KeyFileArg;
use crate::stores;

/// Seal every secret, and every key of a person, with the first key of the key file.
///
/// Afterwards the other keys are needed no more. A data directory must not be in use by a server; with a database, the
/// servers must have the new key already.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  lanyard rekey lanyard-data --key-file keys")]
pub(crate) struct Args {
    /// The data directory, as given to `lanyard serve --data`, or the URL of the database, as given to `--database`
    #[arg(value_name = "DIR|URL")]
    directory: PathBuf,

    #[command(flatten)]
    key_file: KeyFileArg,
}

/// Seals, and says how many were sealed.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.key_file.place(&args.directory);
    // Opening a store to write would make one.
    drop(stores::open_read_only(&place).map_err(Failure::from_error)?);
    let resealed = stores::wait(async { stores::open(&place).await?.reseal().await }).map_err(Failure::from_error)?;
    writeln!(
        out,
        "{resealed} secrets and keys of people were sealed with the first key; the others are needed no more"
    )?;
    Ok(ExitCode::SUCCESS)
}
