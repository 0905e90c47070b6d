//! Stand-ins of a change-set: texts that stand for identifiers until the calls that make these have run.
//!
//! A text is gone through once, and what took a stand-in's place is not looked at again: however often answers have in
//! them what stands in for others, a text grows by no more than its own stand-ins.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::error::{Error, Excerpt, Result};

/// How short and how long a stand-in may be, in bytes: it must not stand in a text by chance.
const SHORTEST: usize = 8;
const LONGEST: usize = 256;

/// What has been made so far, by its stand-ins. None of these begins with another ([`check`]).
#[derive(Default)]
pub(super) struct Placeholders(BTreeMap<String, String>);

/// Refuses stand-ins of which it would not be clear what takes their place.
pub(super) fn check<'t>(texts: impl Iterator<Item = &'t String>) -> Result<()> {
    let mut texts: Vec<&String> = texts.collect();
    if let Some(text) = texts.iter().find(|text| !(SHORTEST..=LONGEST).contains(&text.len())) {
        return Err(Error::invalid_parameter(format!(
            "member `makes` has the stand-in `{}`, which must be {SHORTEST} to {LONGEST} bytes long",
            Excerpt(text)
        )));
    }
    texts.sort_unstable();
    // In this order, a text comes directly before those that begin with it.
    match texts.iter().zip(texts.iter().skip(1)).find(|(one, next)| next.starts_with(one.as_str())) {
        None => Ok(()),
        Some((one, next)) if one == next => Err(Error::invalid_parameter(format!(
            "member `makes` has the stand-in `{one}` twice, which must stand for one identifier"
        ))),
        Some((one, next)) => Err(Error::invalid_parameter(format!(
            "member `makes` has the stand-ins `{one}` and `{next}`, of which none must begin with another"
        ))),
    }
}

impl Placeholders {
    /// From now on, `text` stands for `made`.
    pub(super) fn stands_for(&mut self, text: &str, made: &str) {
        self.0.insert(text.to_owned(), made.to_owned());
    }

    /// The text with what was made in the place of its stand-ins.
    pub(super) fn replaced(&self, text: &str) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            // Of the stand-ins up to the rest, in order, only the last can be what the rest begins with.
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
        pairs.iter().for_each(|(text, made)| placeholders.stands_for(text, made));
        placeholders
    }

    #[test]
    fn each_stand_in_is_replaced_wherever_it_stands() {
        let made = placeholders(&[("stand-in-a", "1"), ("stand-in-b", "22"), ("ständ-in", "333")]);
        let text = "stand-in-b/ü stand-in-astand-in-a stand-in-c stand-in ständ-in";
        assert_eq!(made.replaced(text), "22/ü 11 stand-in-c stand-in 333");
        assert_eq!(Placeholders::default().replaced(text), text);
        assert_eq!(made.replaced(""), "");
    }

    #[test]
    fn what_took_the_place_of_a_stand_in_is_not_looked_at_again() {
        let arn = "arn:aws:connect:us-east-1:123456789012:x";
        let made = placeholders(&[("arn:aws:connect", arn), ("us-east-1:123", arn)]);
        assert_eq!(made.replaced("arn:aws:connect us-east-1:123"), format!("{arn} {arn}"));
    }

    #[test]
    fn stand_ins_are_told_apart() {
        let said = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            check(texts.iter()).map_err(|error| error.message().to_owned())
        };
        assert_eq!(said(&[]), Ok(()));
        assert_eq!(said(&["stand-in-b", "stand-in-a"]), Ok(()));
        assert!(said(&["1234567"]).is_err_and(|it| it.contains("8 to 256 bytes")));
        assert!(said(&[&"x".repeat(257)]).is_err_and(|it| it.contains("8 to 256 bytes")));
        assert!(said(&["12345678", "x-2345678", "12345678"]).is_err_and(|it| it.contains("twice")));
        assert!(said(&["stand-in-10", "x-2345678", "stand-in-1"]).is_err_and(|it| it.contains("begin with")));
    }
}
