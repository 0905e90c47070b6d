//! `lanyard explain`: why someone may or may not do something, with what every profile did.

use std::io::Write;
use std::process::ExitCode;

use crate::access::{STATUS, one};
use crate::failure::Failure;

/// Say whether someone may do something on a resource, and what each security profile has to do with it.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{STATUS}\n\nExample:\n  lanyard explain alice Users.Edit User:bob"))]
pub(crate) struct Args {
    #[command(flatten)]
    one: one::One,
}

/// Asks, and prints the answer at length.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    one::run(&args.one, true, out)
}
