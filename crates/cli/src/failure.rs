//! The reason why a command fails.

use std::fmt::{self, Display};

use lanyard_model::visible::one_line;

use crate::output::error_line;

/// The reason why a command cannot do what was asked.
pub(crate) enum Failure {
    /// Reading or writing failed.
    Io(std::io::Error),
    /// Any other reason, as one sentence, which is shown on one line.
    Message(String),
    /// Any other reason, on several lines.
    Lines(Vec<String>),
    /// A question names something that does not exist, or contradicts itself.
    NotUnderstood(String),
}

impl Failure {
    /// A failure with an error's own words; for `map_err`.
    pub(crate) fn from_error(error: impl Display) -> Self {
        Self::Message(error.to_string())
    }
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
            lanyard_sync::Error::Lines(lines) => Self::Lines(lines),
        }
    }
}

impl From<Failure> for lanyard_sync::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Io(error) => Self::Io(error),
            Failure::Message(message) | Failure::NotUnderstood(message) => Self::Message(message),
            Failure::Lines(lines) => Self::Lines(lines),
        }
    }
}

impl From<lanyard_formats::Fault> for Failure {
    fn from(fault: lanyard_formats::Fault) -> Self {
        Self::Lines(fault.lines())
    }
}

impl From<lanyard_answers::NotUnderstood> for Failure {
    fn from(reason: lanyard_answers::NotUnderstood) -> Self {
        Self::NotUnderstood(reason.to_string())
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => f.write_str(&one_line(&error.to_string())),
            Self::Message(message) | Self::NotUnderstood(message) => f.write_str(&one_line(message)),
            Self::Lines(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| one_line(line)).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

/// Prints the failure on standard error.
pub(crate) fn report_error(failure: &Failure) {
    error_line(format_args!("lanyard: {failure}"));
}
