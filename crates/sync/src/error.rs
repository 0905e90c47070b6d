//! The errors of pulls and of applying plans.

use std::fmt;

use lanyard_model::visible::one_line;

/// The reason why a pull or an apply failed.
#[derive(Debug)]
pub enum Error {
    /// Reading or writing failed.
    Io(std::io::Error),
    /// Any other reason, as one sentence, which is shown on one line.
    Message(String),
    /// Any other reason, on several lines.
    Lines(Vec<String>),
}

impl Error {
    /// The reason with further lines.
    #[must_use]
    pub fn with_lines(self, lines: impl IntoIterator<Item = String>) -> Self {
        let mut all = match self {
            Self::Lines(all) => all,
            other => vec![other.to_string()],
        };
        all.extend(lines);
        Self::Lines(all)
    }
}

/// The outcome of a pull or an application.
pub type Result<T> = std::result::Result<T, Error>;

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => f.write_str(&one_line(&error.to_string())),
            Self::Message(message) => f.write_str(&one_line(message)),
            Self::Lines(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| one_line(line)).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

impl std::error::Error for Error {}
