//! `lanyard explain`: whether a principal may do something, with the findings of every profile.

use std::io::Write;
use std::process::ExitCode;

use crate::access::{STATUS, check_or_explain};
use crate::failure::Failure;

/// Decide whether a user or AI agent may do something on a resource, with the findings of every security profile.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{STATUS}\n\nExample:\n  lanyard explain alice Users.Edit User:bob"))]
pub(crate) struct Args {
    #[command(flatten)]
    one: check_or_explain::QuestionArgs,
}

/// Prints the answer at length.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    check_or_explain::run(&args.one, true, out)
}
