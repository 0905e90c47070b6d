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
