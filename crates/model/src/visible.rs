//! Stored strings as text that a person can trust: on one line, with every invisible character visible.
//!
//! A name, a tag value or a description can hold terminal escapes, line breaks and marks of direction, which hide or forge
//! lines of a report. Text for people therefore shows stored strings through [`Visible`] and never as they are. Data for
//! programs, such as JSON, keeps the string.
//!
//! Invariants: text without such characters is unchanged. The escape is `\u{1b}`: the number of the character in
//! hexadecimal. A string that contains `\u{` itself shows it as `\u{5c}u{`, so that every `\u{` in the output is an escape
//! and the string can be restored.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};

/// A string on one line, with every invisible character as an escape.
///
/// Line breaks and tabs are escaped too. So are `::` at the beginning and `##[`, with or without a word before the
/// bracket, with which lines are commands to CI systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visible<'a>(&'a str);

/// The string as [`Visible`] text.
#[must_use]
pub fn shown(text: &str) -> Visible<'_> {
    Visible(text)
}

/// The string as [`Visible`] text; itself where it has nothing to escape.
#[must_use]
pub fn into_shown(text: String) -> String {
    match escaped(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

impl Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.width().is_some() {
            return f.pad(&escaped(self.0));
        }
        f.write_str(&escaped(self.0))
    }
}

/// The text with every invisible character but line feeds, and the `#` of a command to a CI system, as an escape: for text of
/// several lines in which the parts are [`Visible`] already. Other escapes stay as they are.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c == '#' || (c != '\n' && is_invisible(c))) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let is_escaped = match c {
            '#' => is_command(text.get(at + 1..).unwrap_or_default()),
            c => c != '\n' && is_invisible(c),
        };
        if is_escaped { escape(&mut printable, c) } else { printable.push(c) }
    }
    Cow::Owned(printable)
}

/// A sentence on one line, with every invisible character, and the `#` of a command to a CI system, as an escape: for
/// sentences in which some parts may be [`Visible`] already. Other escapes stay as they are.
#[must_use]
pub fn one_line(sentence: &str) -> Cow<'_, str> {
    match printable(sentence) {
        printable if printable.contains('\n') => Cow::Owned(printable.replace('\n', "\\u{a}")),
        printable => printable,
    }
}

/// JSON text with the same value, in which every invisible character but line feeds, and the `#` of a command to a CI
/// system, is an escape of JSON.
#[must_use]
pub fn printable_json(json: &str) -> Cow<'_, str> {
    if !json.contains(|c| c == '#' || (c != '\n' && is_invisible(c))) {
        return Cow::Borrowed(json);
    }
    let mut printable = String::with_capacity(json.len() + 8);
    for (at, c) in json.char_indices() {
        let is_escaped = match c {
            '#' => is_command(json.get(at + 1..).unwrap_or_default()),
            c => c != '\n' && is_invisible(c),
        };
        if !is_escaped {
            printable.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string does not fail.
            let _ = write!(printable, "\\u{unit:04x}");
        }
    }
    Cow::Owned(printable)
}

/// Whether a character has no shape of its own: controls, line separators, marks of direction, characters of no width,
/// tags, and code points that are no characters.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
        || u32::from(c) & 0xfffe == 0xfffe
}

fn escaped(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !is_invisible(c) && !matches!(c, '\\' | '#' | ':');
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let is_escaped = match c {
            '\\' => rest.starts_with("u{"),
            '#' => is_command(rest),
            ':' => rest.starts_with(':') && escaped.trim_start().is_empty(),
            c => is_invisible(c),
        };
        if is_escaped { escape(&mut escaped, c) } else { escaped.push(c) }
    }
    Cow::Owned(escaped)
}

/// Whether the text after a `#` makes a command of a CI system: `#[`, or `#word[`.
fn is_command(rest: &str) -> bool {
    let word = rest.strip_prefix('#').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    word.is_some_and(|rest| rest.starts_with('['))
}

fn escape(text: &mut String, c: char) {
    text.extend(c.escape_unicode());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(text: &str) -> String {
        let mut parts = text.split("\\u{");
        let mut restored = parts.next().unwrap().to_owned();
        for part in parts {
            let (number, rest) = part.split_once('}').unwrap();
            restored.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
            restored.push_str(rest);
        }
        restored
    }

    #[test]
    fn plain_text_is_unchanged() {
        for text in ["", "Team leads", "DOMAIN\\user", "a: b", "Zoë 山田　太郎", "#1 of #2", "a::b", "مدير"] {
            assert_eq!(shown(text).to_string(), text);
            assert_eq!(printable(text), text);
            assert_eq!(printable_json(text), text);
        }
    }

    #[test]
    fn every_invisible_character_is_an_escape_and_can_be_restored() {
        let escapes = [
            ("a\nb", r"a\u{a}b"),
            ("\u{1b}[2K", r"\u{1b}[2K"),
            ("\u{9b}2K", r"\u{9b}2K"),
            ("a\u{202e}b", r"a\u{202e}b"),
            ("\u{2066}\u{2069}\u{200e}\u{61c}", r"\u{2066}\u{2069}\u{200e}\u{61c}"),
            ("\u{2028}\u{2029}\u{85}", r"\u{2028}\u{2029}\u{85}"),
            ("ad\u{200b}min\u{2060}\u{feff}\u{ad}", r"ad\u{200b}min\u{2060}\u{feff}\u{ad}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("\u{ffff}", r"\u{ffff}"),
            (r"\u{1b}", r"\u{5c}u{1b}"),
            ("::error::x", r"\u{3a}:error::x"),
            (" ::error::x", r" \u{3a}:error::x"),
            ("x ##vso[task.complete]", r"x \u{23}#vso[task.complete]"),
            ("##[error]", r"\u{23}#[error]"),
        ];
        for (text, escaped) in escapes {
            assert_eq!(shown(text).to_string(), escaped);
            assert_eq!(restored(escaped), text);
        }
    }

    #[test]
    fn different_strings_are_shown_differently() {
        assert_ne!(shown("a\u{1b}").to_string(), shown(r"a\u{1b}").to_string());
        assert_ne!(shown(r"\u{5c}u{").to_string(), shown(r"\u{").to_string());
    }

    #[test]
    fn a_width_counts_the_escapes() {
        assert_eq!(format!("{:<8}|", shown("a\u{0}")), r"a\u{0}  |");
    }

    #[test]
    fn text_of_several_lines_keeps_its_line_feeds_and_escapes() {
        assert_eq!(printable("a\n\u{1b}[31mb\\u{1b}\r\n"), "a\n\\u{1b}[31mb\\u{1b}\\u{d}\n");
        assert_eq!(printable("# a\n ##vso[x] ##[y] ##z"), "# a\n \\u{23}#vso[x] \\u{23}#[y] ##z");
        assert_eq!(printable("\\u{23}#vso[x]"), "\\u{23}#vso[x]");
    }

    #[test]
    fn a_sentence_is_one_line() {
        assert_eq!(one_line("a\n\u{1b}b\\u{1b}"), r"a\u{a}\u{1b}b\u{1b}");
        assert_eq!(one_line("a"), "a");
        assert_eq!(one_line("a ##vso[x]\n"), r"a \u{23}#vso[x]\u{a}");
    }

    #[test]
    fn json_keeps_its_value() {
        assert_eq!(
            printable_json("{\n\"a\": \"\u{202e}\u{e0041}\u{9b}\"}"),
            "{\n\"a\": \"\\u202e\\udb40\\udc41\\u009b\"}"
        );
    }
}
