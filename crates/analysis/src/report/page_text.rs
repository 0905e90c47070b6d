//! The text of pages: every value that a template writes.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html};
use lanyard_model::visible::one_line;

/// Escapes HTML, and every invisible character as [`lanyard_model::Visible`] does. `askama.toml` names it, so that it applies
/// to every value of every template.
#[derive(Clone, Copy)]
pub(crate) struct PageText;

impl Escaper for PageText {
    fn write_escaped_str<W: Write>(&self, dest: W, string: &str) -> fmt::Result {
        Html.write_escaped_str(dest, &one_line(string))
    }
}

/// A sentence in which text between backticks is code.
pub(crate) struct Sentence(pub(crate) String);

impl Sentence {
    /// The parts, and whether each is code.
    pub(crate) fn parts(&self) -> Vec<(&str, bool)> {
        let parts: Vec<&str> = self.0.split('`').collect();
        // An odd number of backticks comes from a name that has one: then none means anything.
        if parts.len().is_multiple_of(2) {
            return vec![(&self.0, false)];
        }
        parts.into_iter().enumerate().map(|(at, part)| (part, at % 2 == 1)).collect()
    }
}
