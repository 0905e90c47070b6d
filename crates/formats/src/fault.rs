//! Errors in files: the problem, its place, and the correction.

use std::fmt;
use std::io;
use std::path::Path;

use lanyard_analysis::Place;
use lanyard_local_file::{LARGEST, read};
use lanyard_model::into_shown;

use crate::source::{At, Source};

/// The most further errors that are shown.
const MOST_SHOWN: usize = 100;

/// An error in a file, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place; `None` for an error of a whole file or directory, which the message then names.
    pub place: Option<Place>,
    /// The problem and the correction.
    pub message: String,
    /// Further errors, in the order of their places.
    pub others: Vec<Self>,
}

impl Fault {
    pub(crate) fn at(file: &Source, at: At, message: impl Into<String>) -> Self {
        Self { place: Some(at.in_file(file)), message: into_shown(message.into()), others: Vec::new() }
    }

    /// The key `name` at `at`, which the member at `first` has already.
    pub(crate) fn duplicate_key(file: &Source, at: At, name: &str, first: At) -> Self {
        Self::at(file, at, format!("duplicate key `{name}` (first on line {})", first.line))
    }

    pub(crate) fn of_path(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::whole(format!("cannot {doing} `{}`: {}", path.display(), error.to_string().to_lowercase()))
    }

    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self { place: None, message: into_shown(message.into()), others: Vec::new() }
    }

    /// All of these errors as one, in the order of their places; `None` where there are none.
    pub(crate) fn all(faults: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::new();
        for mut fault in faults {
            flat.append(&mut std::mem::take(&mut fault.others));
            flat.push(fault);
        }
        flat.sort_by(|one, other| one.place.cmp(&other.place));
        flat.dedup();
        let mut rest = flat.into_iter();
        let first = rest.next()?;
        Some(Self { others: rest.collect(), ..first })
    }
}

/// The text of a regular file of at most [`LARGEST`] bytes.
pub(crate) fn text_of(path: &Path) -> Result<String, Fault> {
    let bytes = read(path, LARGEST).map_err(|error| Fault::of_path("read", path, &error))?;
    as_text(path, bytes)
}

/// The start of a line that begins an unresolved conflict of a version control system.
const CONFLICT: &str = "<<<<<<< ";

/// The contents of a file as text.
pub(crate) fn as_text(path: &Path, bytes: Vec<u8>) -> Result<String, Fault> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let text = utf8(path, bytes)?;
    let conflicts = text.lines().enumerate().filter(|(_, line)| line.starts_with(CONFLICT));
    let file: Source = path.display().to_string().into();
    let faults = conflicts.map(|(line, _)| {
        let at = At { layer: 0, line: number(line.saturating_add(1)), column: 1 };
        Fault::at(&file, at, "a merge conflict that is not resolved begins here")
    });
    Fault::all(faults.collect()).map_or(Ok(text), Err)
}

fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Fault> {
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

impl Fault {
    /// The errors, a line each; of many, the first and the number of the others.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.to_string().lines().map(str::to_owned).collect()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message)?,
            None => f.write_str(&self.message)?,
        }
        self.others.iter().take(MOST_SHOWN).try_for_each(|other| write!(f, "\n{other}"))?;
        match self.others.len().saturating_sub(MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more errors"),
        }
    }
}

impl std::error::Error for Fault {}

/// Errors that are collected, so that a reader sees all of them at once.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Adds an error.
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// The value, or the default one after an error.
    pub(crate) fn take<T: Default>(&mut self, result: Result<T, Fault>) -> T {
        result.unwrap_or_else(|fault| {
            self.add(fault);
            T::default()
        })
    }

    /// The errors as one.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        Fault::all(self.0).map_or(Ok(()), Err)
    }
}

/// The known word that the text is probably a misspelling of: it differs in case or separators only, by at most two
/// edits, or has the word's end or start.
pub(crate) fn misspelt<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let wanted = plain(text);
    let distance = |name: &str| {
        let name = plain(name);
        let is_part = wanted.len() >= 4 && (name.ends_with(&wanted) || name.starts_with(&wanted));
        let edits = strsim::osa_distance(&wanted, &name);
        match () {
            () if edits == 0 => Some(0),
            () if edits <= 2 && edits * 3 <= name.chars().count() => Some(edits),
            () if is_part => Some(3),
            () => None,
        }
    };
    let near = known.into_iter().filter(|name| *name != text).filter_map(|name| Some((distance(name)?, name)));
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

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
