//! `lanyard reset`: deletes every instance of an account and region at a running server.

use std::io::Write;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::instance::args::{ServerArgs, announce};

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
    let (remote, words) = args.server.remote()?;
    if !args.yes {
        return Err(Failure::Message(format!(
            "this deletes every instance of the account and region at {words}; confirm with --yes"
        )));
    }
    announce(&format!("deleting every instance at {words}"));
    let answer: Answer = remote.post("/lanyard/v1/reset", &serde_json::json!({}))?;
    writeln!(out, "{} instances deleted", answer.instances_deleted)?;
    Ok(ExitCode::SUCCESS)
}
