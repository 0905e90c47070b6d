//! The `lanyard` command: a server for Amazon Connect's security profiles, and the tools around it.
//!
//! Each subcommand is a file in `commands/` with its arguments and `run`. The exit status is 1 for every error, also for a
//! wrong argument, so that 2 and 3 are always answers.

mod access;
mod commands;
mod copies;
mod failure;
mod instance;
mod output;
mod output_file;
mod permission_names;
mod progress;
mod pull_record;
mod reports;
mod stores;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::into_shown;

use failure::{Failure, report_error};
use output::{Output, print_help_or_error};

/// Amazon Connect's security profiles as open software.
///
/// Lanyard answers those who ask it. It enforces nothing inside Amazon's own service, and is not affiliated with Amazon.
#[derive(Parser)]
#[command(version, about, after_help = "Try it: lanyard serve --demo")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(commands::serve::Args),
    Check(commands::check::Args),
    Explain(commands::explain::Args),
    WhoCan(commands::who_can::Args),
    WhatCan(commands::what_can::Args),
    Review(commands::review::Args),
    Gate(commands::gate::Args),
    Lint(commands::lint::Args),
    Test(commands::test::Args),
    Doctor(commands::doctor::Args),
    Backup(commands::backup::Args),
    Restore(commands::restore::Args),
    Migrate(commands::migrate::Args),
    Erase(commands::erase::Args),
    Rekey(commands::rekey::Args),
    Archive(commands::archive::Args),
    Permissions(commands::permissions::Args),
    Tasks(commands::tasks::Args),
    Plan(commands::plan::Args),
    Apply(commands::apply::Args),
    Revert(commands::revert::Args),
    Pull(commands::pull::Args),
    Seed(commands::seed::Args),
    Reset(commands::reset::Args),
    History(commands::history::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(help_or_error) => {
            // The message quotes the arguments, so that it is that of arguments on one line.
            let arguments = std::env::args_os().map(|argument| into_shown(argument.to_string_lossy().into_owned()));
            let help_or_error = Cli::try_parse_from(arguments).err().unwrap_or(help_or_error);
            let status = if help_or_error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
            print_help_or_error(&help_or_error);
            return status;
        }
    };
    let mut out = Output::stdout();
    let result = match cli.command {
        Command::Serve(args) => commands::serve::run(args, &mut out),
        Command::Check(args) => commands::check::run(&args, &mut out),
        Command::Explain(args) => commands::explain::run(&args, &mut out),
        Command::WhoCan(args) => commands::who_can::run(&args, &mut out),
        Command::WhatCan(args) => commands::what_can::run(&args, &mut out),
        Command::Review(args) => commands::review::run(&args, &mut out),
        Command::Gate(args) => commands::gate::run(&args, &mut out),
        Command::Lint(args) => commands::lint::run(&args, &mut out),
        Command::Test(args) => commands::test::run(&args, &mut out),
        Command::Doctor(args) => commands::doctor::run(&args, &mut out),
        Command::Backup(args) if args.is_piped() => commands::backup::run(&args, out.raw()),
        Command::Backup(args) => commands::backup::run(&args, &mut out),
        Command::Restore(args) => commands::restore::run(&args, &mut out),
        Command::Migrate(args) => commands::migrate::run(&args, &mut out),
        Command::Erase(args) => commands::erase::run(&args, &mut out),
        Command::Rekey(args) => commands::rekey::run(&args, &mut out),
        Command::Archive(args) => commands::archive::run(&args, &mut out),
        Command::Permissions(args) => {
            commands::permissions::run(&args, Catalogue::builtin(), &mut out).map_err(Failure::from)
        }
        Command::Tasks(args) => commands::tasks::run(&args, &mut out),
        Command::Plan(args) => commands::plan::run(&args, &mut out),
        Command::Pull(args) => commands::pull::run(&args, &mut out),
        Command::Seed(args) => commands::seed::run(&args, &mut out),
        Command::Reset(args) => commands::reset::run(&args, &mut out),
        Command::Revert(args) => commands::revert::run(&args, &mut out),
        Command::Apply(args) => commands::apply::run(&args, &mut out),
        Command::History(args) => commands::history::run(&args, &mut out),
        Command::Completions(args) => {
            commands::completions::run(&args, Cli::command(), out.raw()).map_err(Failure::from)
        }
        Command::Man(args) => commands::man::run(&args, Cli::command(), out.raw()).map_err(Failure::from),
    };
    match result {
        Ok(code) => code,
        // The reader of the output has closed it.
        Err(Failure::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            report_error(&failure);
            ExitCode::FAILURE
        }
    }
}
