//! The types of values: the literals of a type, and its default for a value that does not exist.

use serde::{Deserialize, Serialize};

/// How long text, or a number, that is no primary value is at most, in characters (`docs/evidence`, D18, as the other bounds here).
const MOST_CHARACTERS: usize = 5_000;

/// How long a primary value, and a text of a list, is at most, in characters.
const MOST_CHARACTERS_OF_PART: usize = 1_000;

/// How many items a list has at most.
const MOST_ITEMS: usize = 100;

/// A type of values. All are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ValueType {
    /// Any text.
    Text,
    /// A number, as JSON writes it.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A JSON array of text.
    TextList,
    /// A JSON array of numbers.
    NumberList,
}

impl ValueType {
    /// The value that is returned where there is none.
    #[must_use]
    pub fn default_value(self) -> &'static str {
        match self {
            Self::Text => "",
            Self::Number => "0",
            Self::Boolean => "false",
            Self::TextList | Self::NumberList => "[]",
        }
    }

    /// Whether the text is an expression where an attribute of this type may have one: it begins with `=`. Lists and
    /// primary attributes have none.
    #[must_use]
    pub fn is_expression(self, text: &str) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Boolean) && text.starts_with('=')
    }

    /// The fault of `text` as a literal of this type, in words that follow "the value".
    pub(super) fn fault(self, text: &str, primary: bool) -> Option<String> {
        match self {
            Self::Text if primary && text.starts_with('=') => {
                Some("is an expression, which a primary value cannot be".to_owned())
            }
            Self::Text if primary => longer(text, MOST_CHARACTERS_OF_PART),
            Self::Text => too_long(text),
            Self::Number if number(text).is_none() => {
                Some("is not a number as JSON writes it, such as `-1.5`".to_owned())
            }
            Self::Boolean if !matches!(text, "true" | "false") => Some("is neither `true` nor `false`".to_owned()),
            Self::Number if primary => longer(text, MOST_CHARACTERS_OF_PART),
            Self::Number => too_long(text),
            Self::Boolean => None,
            Self::TextList => match texts(text) {
                None => Some("is not a JSON array of text, such as `[\"one\", \"two\"]`".to_owned()),
                Some(items) => too_many(items.len())
                    .or_else(|| items.iter().find_map(|item| longer(item, MOST_CHARACTERS_OF_PART))),
            },
            Self::NumberList => match numbers(text) {
                None => Some("is not a JSON array of numbers, such as `[1, 2.5]`".to_owned()),
                Some(items) => too_many(items.len()),
            },
        }
    }

    /// Whether `text` is a literal of this type.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        self.fault(text, false).is_none()
    }
}

/// The number that a text is, if it is one that JSON can write.
pub(super) fn number(text: &str) -> Option<f64> {
    let bare = text.trim() == text;
    bare.then(|| serde_json::from_str(text).ok()).flatten()
}

/// The items of a list of text.
pub(super) fn texts(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text).ok()
}

/// The items of a list of numbers.
pub(super) fn numbers(text: &str) -> Option<Vec<f64>> {
    serde_json::from_str(text).ok()
}

/// The fault of text, or an expression, that is longer than a value may be.
pub(super) fn too_long(text: &str) -> Option<String> {
    longer(text, MOST_CHARACTERS)
}

fn longer(text: &str, most: usize) -> Option<String> {
    let length = text.chars().count();
    (length > most).then(|| format!("has {length} characters where at most {most} are allowed"))
}

fn too_many(items: usize) -> Option<String> {
    (items > MOST_ITEMS).then(|| format!("has {items} items, at most {MOST_ITEMS} are allowed"))
}
