//! `lanyard completions`: what shells need to complete `lanyard` commands.

use std::io::Write;
use std::process::ExitCode;

use clap::Command;
use clap_complete::Shell;

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  source <(lanyard completions bash)\n  \
                        lanyard completions zsh > ~/.zfunc/_lanyard\n  \
                        lanyard completions fish > ~/.config/fish/completions/lanyard.fish")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script to `out`.
///
/// # Errors
/// When `out` cannot be written.
pub(crate) fn run(args: &Args, mut command: Command, out: &mut impl Write) -> std::io::Result<ExitCode> {
    // The generator cannot report an error of the output, so it writes to memory first.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "lanyard", &mut script);
    out.write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
