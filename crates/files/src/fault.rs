//! What was wrong with a file, where, and what would be right.

use std::fmt;
use std::io;
use std::path::Path;

use lanyard_prove::Place;

use crate::source::Source;
use crate::tree::At;

/// What was wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where; `None` where a file or directory as a whole is meant, which the message then names.
    pub place: Option<Place>,
    /// What was wrong there, and what would be right.
    pub message: String,
}

impl Fault {
    pub(crate) fn at(file: &Source, at: At, message: impl Into<String>) -> Self {
        Self { place: Some(at.in_file(file)), message: message.into() }
    }

    pub(crate) fn of_path(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::whole(format!("cannot {doing} `{}`: {}", path.display(), error.to_string().to_lowercase()))
    }

    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self { place: None, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Fault {}

/// How alike two words must be, from 0 to 1, for one to be suggested for the other.
const ALIKE: f64 = 0.8;

/// `; did you mean …?` for the known word that is most like `text`, or else what `otherwise` says.
pub(crate) fn suggestion<'a>(
    text: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    let lower = text.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&lower, &name.to_lowercase());
    let near = known.into_iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= ALIKE);
    match near.max_by(|(one, _), (other, _)| one.total_cmp(other)) {
        Some((_, name)) => format!("; did you mean `{name}`?"),
        None => otherwise(),
    }
}
