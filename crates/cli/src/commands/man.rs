//! `lanyard man`: the manual, a page a command.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Command;
use clap_mangen::Man;

/// Write the manual pages into a directory, or print one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  lanyard man check | man -l -\n  lanyard man --to /usr/local/share/man/man1")]
pub(crate) struct Args {
    /// The command whose page is printed; without it, the page of `lanyard` itself
    command: Option<String>,

    /// Write every page into this directory, which is made if need be
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    to: Option<PathBuf>,
}

/// Prints a page to `out`, or writes all.
///
/// # Errors
/// When there is no such command, or a page cannot be written.
pub(crate) fn run(args: &Args, mut command: Command, out: &mut impl Write) -> std::io::Result<ExitCode> {
    command.build();
    if let Some(directory) = &args.to {
        std::fs::create_dir_all(directory)?;
        for page in std::iter::once(&command).chain(command.get_subcommands().filter(|it| it.get_name() != "help")) {
            let mut text = Vec::new();
            Man::new(page.clone()).render(&mut text)?;
            lanyard_local_file::replace(&directory.join(file_name(page)), &text)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let page = match &args.command {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| {
            std::io::Error::other(format!("there is no command `{name}`; `lanyard --help` lists the commands"))
        })?,
    };
    Man::new(page).render(out)?;
    Ok(ExitCode::SUCCESS)
}

/// Such as `lanyard-who-can.1`.
fn file_name(page: &Command) -> String {
    format!("{}.1", page.get_display_name().unwrap_or_else(|| page.get_name()))
}
