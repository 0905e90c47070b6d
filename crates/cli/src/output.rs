//! The output of commands: text without invisible characters, and JSON.
//!
//! Invariants: a terminal gets no control but line feeds and the colours of this program. Text shows stored strings through
//! [`lanyard_model::shown`], which keeps each on its line; [`Output`] is the guard behind it.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use lanyard_model::visible::{is_invisible, printable, printable_json};
use serde_json::Value;

/// Whether output is coloured: it goes to a terminal, and `NO_COLOR` is unset or empty.
pub(crate) fn is_coloured(to: &impl IsTerminal) -> bool {
    to.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The beginnings and the end of the colours of this program.
const STYLES: [&str; 5] = ["\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m"];

/// A writer that makes every invisible character but line feeds an escape. Bytes that are no UTF-8 become the
/// replacement character.
pub(crate) struct Output<W> {
    inner: W,
    has_colours: bool,
    /// The beginning of a character whose other bytes are in the next write.
    pending: Vec<u8>,
}

impl Output<io::StdoutLock<'static>> {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self { has_colours: is_coloured(&io::stdout()), inner: io::stdout().lock(), pending: Vec::new() }
    }
}

impl<W> Output<W> {
    /// The writer itself, for output that is no text.
    pub(crate) fn raw(&mut self) -> &mut W {
        &mut self.inner
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut rest = self.pending.as_slice();
        while !rest.is_empty() {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    rest = &[];
                }
                Err(error) => {
                    let (valid, after) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
                    text.push_str(std::str::from_utf8(valid).unwrap_or_default());
                    rest = after;
                    let Some(length) = error.error_len() else { break };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = rest.get(length..).unwrap_or_default();
                }
            }
        }
        self.pending = rest.to_vec();
        let text = if self.has_colours { printable_with_styles(&text) } else { printable(&text).into_owned() };
        self.inner.write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// [`printable`] text that keeps the colours of this program.
fn printable_with_styles(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        let (before, escape) = rest.split_at(at);
        result.push_str(&printable(before));
        let style = STYLES.iter().find(|style| escape.starts_with(**style)).copied();
        let length = style.map_or(1, str::len);
        let (escape, after) = escape.split_at(length);
        match style {
            Some(style) => result.push_str(style),
            None => result.push_str(&printable(escape)),
        }
        rest = after;
    }
    result.push_str(&printable(rest));
    result
}

/// JSON without raw invisible characters: the same value, with escapes of JSON. `{:#}` is on several lines.
pub(crate) struct Json<'a>(pub(crate) &'a Value);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = if f.alternate() { format!("{:#}", self.0) } else { self.0.to_string() };
        f.write_str(&printable_json(&json))
    }
}

/// Writes a line on standard error. An error here is ignored: standard error is the last place to report it.
pub(crate) fn error_line(line: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{}", printable(&line.to_string()));
}

/// Prints the help, or the error in arguments, with the colours of the argument parser.
pub(crate) fn print_help_or_error(help_or_error: &clap::Error) {
    let text = help_or_error.to_string();
    if text.contains(|c| c != '\n' && is_invisible(c)) {
        error_line(text.trim_end());
    } else {
        // An error here is ignored: there is no other place to report it.
        let _ = help_or_error.print();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(has_colours: bool, parts: &[&[u8]]) -> String {
        let mut output = Output { inner: Vec::new(), has_colours, pending: Vec::new() };
        parts.iter().for_each(|part| output.write_all(part).unwrap());
        String::from_utf8(output.inner).unwrap()
    }

    #[test]
    fn text_has_no_control_but_line_feeds_and_colours() {
        let text = "\x1b[1m\x1b[32mallowed\x1b[0m: a\x1b[2Kb\x1b[8m\u{202e}\n".as_bytes();
        let escaped = "allowed\\u{1b}[0m: a\\u{1b}[2Kb\\u{1b}[8m\\u{202e}\n";
        assert_eq!(written(false, &[text]), format!("\\u{{1b}}[1m\\u{{1b}}[32m{escaped}"));
        let coloured = "\x1b[1m\x1b[32mallowed\x1b[0m: a\\u{1b}[2Kb\\u{1b}[8m\\u{202e}\n";
        assert_eq!(written(true, &[text]), coloured);
    }

    #[test]
    fn a_character_in_two_writes_is_whole_and_other_bytes_are_replaced() {
        assert_eq!(written(false, &[b"a\xe2\x80", b"\xaeb"]), "a\\u{202e}b");
        assert_eq!(written(false, &[b"a\xffb\xc3\xa9"]), "a\u{fffd}bé");
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({ "name": "a\u{202e}\u{9b}\n\u{1b}" });
        let text = Json(&value).to_string();
        assert_eq!(text, "{\"name\":\"a\\u202e\\u009b\\n\\u001b\"}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
