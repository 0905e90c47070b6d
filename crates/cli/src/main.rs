//! The `lanyard` command: a server for Amazon Connect's security profiles, and the tools around it.
//!
//! Each subcommand is a file in `commands/`: its arguments, and `run`.

mod commands;
mod remote;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lanyard_model::catalogue::Catalogue;

/// Amazon Connect's security profiles as open software.
///
/// Lanyard decides for those who ask it; it enforces nothing inside Amazon's own service, and is not affiliated with
/// Amazon.
#[derive(Parser)]
#[command(version, about, after_help = "Try it: lanyard serve --demo")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(commands::serve::Args),
    Doctor(commands::doctor::Args),
    Permissions(commands::permissions::Args),
    Seed(commands::seed::Args),
    Reset(commands::reset::Args),
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let result = match Cli::parse().command {
        Command::Serve(args) => commands::serve::run(args, &mut out),
        Command::Doctor(args) => commands::doctor::run(&args, &mut out).map_err(commands::Failure::from),
        Command::Permissions(args) => {
            commands::permissions::run(&args, Catalogue::builtin(), &mut out).map_err(commands::Failure::from)
        }
        Command::Seed(args) => commands::seed::run(&args, &mut out),
        Command::Reset(args) => commands::reset::run(&args, &mut out),
    };
    match result {
        Ok(code) => code,
        // Whoever read our output has seen enough.
        Err(commands::Failure::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            commands::complain(&failure);
            ExitCode::FAILURE
        }
    }
}
