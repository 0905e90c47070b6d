//! The output of commands: text without invisible characters, and JSON.
//!
//! Invariants: a terminal gets no control but line feeds and the colours of this program. Text shows stored strings through
//! [`lanyard_model::shown`], which keeps each on its line; [`Output`] is the guard behind it.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, IsTerminal, Write};

use lanyard_model::visible::{is_invisible, one_line, printable, printable_json};
use serde_json::Value;

/// Whether output is coloured: it goes to a terminal, and `NO_COLOR` is unset or empty.
pub(crate) fn is_coloured(to: &impl IsTerminal) -> bool {
    to.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The beginnings and the end of the colours of this program.
const STYLES: [&str; 5] = ["\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m"];
/// The styles of a log on a terminal.
const LOG_STYLES: [&str; 9] =
    ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[3m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[35m"];

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
        let text =
            if self.has_colours { with_styles(&text, &STYLES, printable) } else { printable(&text).into_owned() };
        self.inner.write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Escaped text that keeps these styles.
fn with_styles(text: &str, styles: &[&str], escaped: fn(&str) -> Cow<'_, str>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        let (before, escape) = rest.split_at(at);
        result.push_str(&escaped(before));
        let style = styles.iter().find(|style| escape.starts_with(**style)).copied();
        let length = style.map_or(1, str::len);
        let (escape, after) = escape.split_at(length);
        match style {
            Some(style) => result.push_str(style),
            None => result.push_str(&escaped(escape)),
        }
        rest = after;
    }
    result.push_str(&escaped(rest));
    result
}

/// The form of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogForm {
    Text,
    ColouredText,
    Json,
}

/// A writer of a log that takes one event in each write, and makes it one line without invisible characters.
pub(crate) struct LogOutput<W> {
    pub(crate) inner: W,
    pub(crate) form: LogForm,
}

impl<W: Write> Write for LogOutput<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let event = String::from_utf8_lossy(bytes);
        let event = event.strip_suffix('\n').unwrap_or(&event);
        let line = match self.form {
            LogForm::Text => one_line(event),
            LogForm::ColouredText => Cow::Owned(with_styles(event, &LOG_STYLES, one_line)),
            LogForm::Json => printable_json(event),
        };
        // One call, so that the lines of threads do not mix.
        self.inner.write_all(format!("{line}\n").as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
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
    fn an_event_of_a_log_is_one_line() {
        let written = |form, event: &str| {
            let mut log = LogOutput { inner: Vec::new(), form };
            log.write_all(event.as_bytes()).unwrap();
            String::from_utf8(log.inner).unwrap()
        };
        let event = "\x1b[2mtime\x1b[0m a\nERROR forged\u{202e}\x1b[8m\n";
        assert_eq!(
            written(LogForm::ColouredText, event),
            "\x1b[2mtime\x1b[0m a\\u{a}ERROR forged\\u{202e}\\u{1b}[8m\n"
        );
        assert_eq!(written(LogForm::Text, "a\nb\u{85}\n"), "a\\u{a}b\\u{85}\n");
        assert_eq!(written(LogForm::Json, "{\"a\":\"\u{85}\"}\n"), "{\"a\":\"\\u0085\"}\n");
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({ "name": "a\u{202e}\u{9b}\n\u{1b}" });
        let text = Json(&value).to_string();
        assert_eq!(text, "{\"name\":\"a\\u202e\\u009b\\n\\u001b\"}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
