//! `lanyard check`: whether a principal may do something, and the reason.

use std::io::Write;
use std::process::ExitCode;

use crate::access::{STATUS, check_or_explain};
use crate::failure::Failure;

/// Decide whether a user or AI agent may do something on a resource, and give the reason.
///
/// The answer comes from the state in a data directory, from files, or from a server. It is `undetermined` where Amazon
/// Connect's documents leave it open.
#[derive(Debug, clap::Args)]
#[command(after_help = examples())]
pub(crate) struct Args {
    #[command(flatten)]
    one: check_or_explain::QuestionArgs,
}

fn examples() -> String {
    format!(
        "{STATUS}\n\nExamples:\n  lanyard check alice Users.Edit User:bob\n  lanyard check alice listen-to-recordings\n  \
         lanyard check alice Queues.Create Queue:new --hypothetical --tag Team=Billing"
    )
}

/// Prints the answer in short.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    check_or_explain::run(&args.one, false, out)
}
