//! `lanyard reset`: deletes every instance of an account and region at a running server.

use std::io::Write;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::instance::args::ServerArgs;

/// Delete every instance of the key's account in a region, at a running server. For test suites.
///
/// The key comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without them it is `test`, as `lanyard serve` has it.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  lanyard reset --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    server: ServerArgs,

    /// Confirm the deletion; without this option nothing is deleted
    #[arg(long)]
    yes: bool,
}

#[derive(serde::Deserialize)]
struct Answer {
    instances_deleted: u64,
}

/// Calls the server, and prints the number of deleted instances.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    if !args.yes {
        return Err(Failure::Message(
            "this deletes every instance of the account and region; confirm with --yes".to_owned(),
        ));
    }
    let answer: Answer = args.server.remote().post("/lanyard/v1/reset", &serde_json::json!({}))?;
    writeln!(out, "{} instances deleted", answer.instances_deleted)?;
    Ok(ExitCode::SUCCESS)
}
