//! The subcommands, a file each.

pub(crate) mod apply;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod gate;
pub(crate) mod history;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod permissions;
pub(crate) mod plan;
pub(crate) mod pull;
pub(crate) mod reset;
pub(crate) mod revert;
pub(crate) mod seed;
pub(crate) mod serve;
pub(crate) mod test;
pub(crate) mod what_can;
pub(crate) mod who_can;

use std::fmt;
use std::io::Write as _;

/// Why a command could not do what was asked.
pub(crate) enum Failure {
    /// Reading or writing failed.
    Io(std::io::Error),
    /// Anything else, in a sentence.
    Message(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<lanyard_sync::Error> for Failure {
    fn from(error: lanyard_sync::Error) -> Self {
        match error {
            lanyard_sync::Error::Io(error) => Self::Io(error),
            lanyard_sync::Error::Message(message) => Self::Message(message),
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Message(message) => f.write_str(message),
        }
    }
}

/// Says on standard error what went wrong.
pub(crate) fn report_error(failure: &Failure) {
    // Nobody is left to be told when standard error cannot be written.
    let _ = writeln!(std::io::stderr(), "lanyard: {failure}");
}
