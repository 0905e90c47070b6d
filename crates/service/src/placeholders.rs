//! Placeholders of a change-set: texts in place of identifiers until the calls that make these have run.
//!
//! A text is searched once, and a replacement is not searched again: however often answers contain placeholders, a text
//! grows only by its own placeholders.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::error::{Error, Excerpt, Result};

/// The length of a placeholder, in bytes: it must not be in a text by chance.
const SHORTEST: usize = 8;
const LONGEST: usize = 256;

/// The identifiers made so far, by their placeholders. No placeholder begins with another ([`check`]).
#[derive(Default)]
pub(super) struct Placeholders(BTreeMap<String, String>);

/// Refuses placeholders whose replacement would be ambiguous.
pub(super) fn check<'t>(texts: impl Iterator<Item = &'t String>) -> Result<()> {
    let mut texts: Vec<&String> = texts.collect();
    if let Some(text) = texts.iter().find(|text| !(SHORTEST..=LONGEST).contains(&text.len())) {
        return Err(Error::invalid_parameter(format!(
            "member `makes` has the placeholder `{}`, which must be {SHORTEST} to {LONGEST} bytes long",
            Excerpt(text)
        )));
    }
    texts.sort_unstable();
    // In this order, a text comes directly before those that begin with it.
    match texts.iter().zip(texts.iter().skip(1)).find(|(one, next)| next.starts_with(one.as_str())) {
        None => Ok(()),
        Some((one, next)) if one == next => Err(Error::invalid_parameter(format!(
            "member `makes` has the placeholder `{one}` twice, each must be for one identifier"
        ))),
        Some((one, next)) => Err(Error::invalid_parameter(format!(
            "member `makes` has the placeholders `{one}` and `{next}`, of which none must begin with another"
        ))),
    }
}

impl Placeholders {
    /// Replaces `text` by `made` from now on.
    pub(super) fn define(&mut self, text: &str, made: &str) {
        self.0.insert(text.to_owned(), made.to_owned());
    }

    /// The text with identifiers in place of its placeholders.
    pub(super) fn replaced(&self, text: &str) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            // Of the placeholders up to the rest, in order, only the last can be a prefix of the rest.
            let up_to_rest = self.0.range::<str, _>((Bound::Unbounded, Bound::Included(rest))).next_back();
            let length = match up_to_rest.filter(|(placeholder, _)| rest.starts_with(placeholder.as_str())) {
                Some((placeholder, made)) => {
                    replaced.push_str(made);
                    placeholder.len()
                }
                None => {
                    replaced.push(first);
                    first.len_utf8()
                }
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        replaced
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(pairs: &[(&str, &str)]) -> Placeholders {
        let mut placeholders = Placeholders::default();
        pairs.iter().for_each(|(text, made)| placeholders.define(text, made));
        placeholders
    }

    #[test]
    fn each_placeholder_is_replaced_at_each_place() {
        let made = placeholders(&[("placeholder-a", "1"), ("placeholder-b", "22"), ("plätzhalter", "333")]);
        let text = "placeholder-b/ü placeholder-aplaceholder-a placeholder-c placeholder plätzhalter";
        assert_eq!(made.replaced(text), "22/ü 11 placeholder-c placeholder 333");
        assert_eq!(Placeholders::default().replaced(text), text);
        assert_eq!(made.replaced(""), "");
    }

    #[test]
    fn a_replacement_is_not_searched_again() {
        let arn = "arn:aws:connect:us-east-1:123456789012:x";
        let made = placeholders(&[("arn:aws:connect", arn), ("us-east-1:123", arn)]);
        assert_eq!(made.replaced("arn:aws:connect us-east-1:123"), format!("{arn} {arn}"));
    }

    #[test]
    fn placeholders_are_distinguished() {
        let checked = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            check(texts.iter()).map_err(|error| error.message().to_owned())
        };
        assert_eq!(checked(&[]), Ok(()));
        assert_eq!(checked(&["placeholder-b", "placeholder-a"]), Ok(()));
        assert!(checked(&["1234567"]).is_err_and(|it| it.contains("8 to 256 bytes")));
        assert!(checked(&[&"x".repeat(257)]).is_err_and(|it| it.contains("8 to 256 bytes")));
        assert!(checked(&["12345678", "x-2345678", "12345678"]).is_err_and(|it| it.contains("twice")));
        assert!(checked(&["placeholder-10", "x-2345678", "placeholder-1"]).is_err_and(|it| it.contains("begin with")));
    }
}
