//! Errors in files: the problem, its place, and the correction.

use std::fmt;
use std::io;
use std::path::Path;

use lanyard_analysis::Place;
use lanyard_local_file::{LARGEST, read};
use lanyard_model::into_shown;

use crate::source::{At, Source};

/// An error in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place; `None` for an error of a whole file or directory, which the message then names.
    pub place: Option<Place>,
    /// The problem and the correction.
    pub message: String,
}

impl Fault {
    pub(crate) fn at(file: &Source, at: At, message: impl Into<String>) -> Self {
        Self { place: Some(at.in_file(file)), message: into_shown(message.into()) }
    }

    /// The key `name` at `at`, which the member at `first` has already.
    pub(crate) fn duplicate_key(file: &Source, at: At, name: &str, first: At) -> Self {
        Self::at(file, at, format!("duplicate key `{name}` (first on line {})", first.line))
    }

    pub(crate) fn of_path(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::whole(format!("cannot {doing} `{}`: {}", path.display(), error.to_string().to_lowercase()))
    }

    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self { place: None, message: into_shown(message.into()) }
    }
}

/// The text of a regular file of at most [`LARGEST`] bytes.
pub(crate) fn text_of(path: &Path) -> Result<String, Fault> {
    let bytes = read(path, LARGEST).map_err(|error| Fault::of_path("read", path, &error))?;
    as_text(path, bytes)
}

/// The contents of a file as text.
pub(crate) fn as_text(path: &Path, bytes: Vec<u8>) -> Result<String, Fault> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').next_back().unwrap_or_default();
        let at = At {
            layer: 0,
            line: number(1 + before.iter().filter(|byte| **byte == b'\n').count()),
            column: number(1 + String::from_utf8_lossy(line).chars().count()),
        };
        let file: Source = path.display().to_string().into();
        Fault::at(&file, at, "this is not text in UTF-8; save the file in that encoding")
    })
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

/// The minimum similarity of a suggestion, from 0 to 1.
const ALIKE: f64 = 0.8;

/// `; did you mean …?` with the most similar known word, or else the result of `otherwise`.
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
