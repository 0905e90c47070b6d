//! `lanyard check`: may someone do something, yes or no, and the reason.

use std::io::Write;
use std::process::ExitCode;

use crate::access::{STATUS, one};
use crate::failure::Failure;

/// Say whether someone may do something on a resource, and why.
///
/// It asks the state in a data directory, whether or not a server uses it, or a server. Where Amazon Connect's documents
/// leave the answer open it says so: `undetermined`.
#[derive(Debug, clap::Args)]
#[command(after_help = examples())]
pub(crate) struct Args {
    #[command(flatten)]
    one: one::One,
}

fn examples() -> String {
    format!(
        "{STATUS}\n\nExamples:\n  lanyard check alice Users.Edit User:bob\n  lanyard check alice listen-to-recordings\n  \
         lanyard check alice Queues.Create Queue:new --hypothetical --tag Team=Billing"
    )
}

/// Asks, and prints the answer in short.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    one::run(&args.one, false, out)
}
