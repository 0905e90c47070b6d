//! Readable YAML that every reader parses equally.

use std::fmt::Write as _;

use lanyard_model::Tags;
use lanyard_model::visible::is_invisible;

/// YAML text that grows line by line.
#[derive(Default)]
pub(crate) struct Out {
    text: String,
    indent: usize,
    /// Whether the next line begins an item of a list.
    item: bool,
}

impl Out {
    /// Text that begins with comment lines.
    pub(crate) fn new(comment: &str) -> Self {
        let text = comment.lines().map(|line| format!("# {line}\n")).collect();
        Self { text, ..Self::default() }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn begin(&mut self) {
        let dash = usize::from(self.item) * 2;
        self.text.extend(std::iter::repeat_n(' ', (self.indent * 2).saturating_sub(dash)));
        if std::mem::take(&mut self.item) {
            self.text.push_str("- ");
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        self.begin();
        let _ = writeln!(self.text, "{line}");
    }

    /// A whole line, unchanged.
    pub(crate) fn raw(&mut self, line: &str) {
        self.line(format_args!("{line}"));
    }

    /// `name: text`.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.line(format_args!("{name}: {}", scalar(text)));
    }

    /// `name: text`, where there is a text.
    pub(crate) fn maybe(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// `name: true` or `name: false`.
    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        self.line(format_args!("{name}: {value}"));
    }

    /// `name: [text, text]`; nothing for none.
    pub(crate) fn flow_list<S: AsRef<str>>(&mut self, name: &str, texts: &[S]) {
        if !texts.is_empty() {
            let texts: Vec<_> = texts.iter().map(|text| scalar(text.as_ref())).collect();
            self.line(format_args!("{name}: [{}]", texts.join(", ")));
        }
    }

    /// `name:` and a line for each text; nothing for none.
    pub(crate) fn block_list<S: AsRef<str>>(&mut self, name: &str, texts: &[S]) {
        if !texts.is_empty() {
            self.line(format_args!("{name}:"));
            for text in texts {
                self.line(format_args!("- {}", scalar(text.as_ref())));
            }
        }
    }

    /// The same for words: a text with space is in quotes, since it is rarely meant.
    pub(crate) fn block_words(&mut self, name: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.line(format_args!("{name}:"));
            for text in texts {
                let is_odd = text.contains(char::is_whitespace);
                self.line(format_args!("- {}", if is_odd { quoted(text) } else { scalar(text) }));
            }
        }
    }

    /// `name: {key: value}`; nothing for none.
    pub(crate) fn flow_pairs(&mut self, name: &str, pairs: &Tags) {
        if !pairs.is_empty() {
            let pairs: Vec<_> =
                pairs.iter().map(|(key, value)| format!("{}: {}", scalar(key), scalar(value))).collect();
            self.line(format_args!("{name}: {{{}}}", pairs.join(", ")));
        }
    }

    /// `name:` and a line for each pair; nothing for none.
    pub(crate) fn block_pairs(&mut self, name: &str, pairs: &Tags) {
        if !pairs.is_empty() {
            self.line(format_args!("{name}:"));
            self.indent += 1;
            for (key, value) in pairs {
                self.line(format_args!("{}: {}", scalar(key), scalar(value)));
            }
            self.indent -= 1;
        }
    }

    /// `name:` and the output of `inner` below it.
    pub(crate) fn map(&mut self, name: &str, inner: impl FnOnce(&mut Self)) {
        self.line(format_args!("{name}:"));
        self.indent += 1;
        inner(self);
        self.indent -= 1;
    }

    /// `name:` and an item for each thing; nothing for none.
    pub(crate) fn items<T>(&mut self, name: &str, things: &[T], mut write: impl FnMut(&mut Self, &T)) {
        if !things.is_empty() {
            self.line(format_args!("{name}:"));
            things.iter().for_each(|thing| self.item(|out| write(out, thing)));
        }
    }

    /// An item of a list, whose first line is the first that `inner` writes.
    pub(crate) fn item(&mut self, inner: impl FnOnce(&mut Self)) {
        self.indent += 1;
        self.item = true;
        inner(self);
        if self.item {
            self.raw("{}");
        }
        self.indent -= 1;
    }
}

/// A string as YAML: plain where every reader takes it for a string, quoted otherwise.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let mut rest = text.chars().peekable();
    let mut previous = ' ';
    while let Some(c) = rest.next() {
        let fits = match c {
            // Before a letter it does not end a name.
            ':' => rest.peek().is_some_and(|next| next.is_alphanumeric() || *next == '/'),
            ' ' => previous != ' ' && rest.peek().is_some(),
            '_' | '.' | '/' | '@' | '+' | '-' | '(' | ')' | '=' | ';' => true,
            c => c.is_alphanumeric() && !is_invisible(c),
        };
        if !fits {
            return false;
        }
        previous = c;
    }
    (first.is_alphanumeric() || first == '/') && !is_word(text) && !is_numeric(text)
}

/// Whether some reader takes the word for a boolean or null.
fn is_word(text: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off", "y", "n", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether some reader may take the text for a number, a time or a date. A canonical UUID is none of them.
fn is_numeric(text: &str) -> bool {
    let may = |c: char| {
        c.is_ascii_hexdigit()
            || matches!(c, 'x' | 'o' | 'X' | 'O' | '_' | '.' | ':' | '+' | '-' | ' ' | 'T' | 't' | 'Z' | 'z')
    };
    let is_uuid = matches!(lanyard_model::IdRef::new(text), lanyard_model::IdRef::Uuid(_));
    text.starts_with(|c: char| c.is_numeric()) && !is_uuid && text.chars().all(may)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            c if is_invisible(c) && u32::from(c) > 0xffff => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
            c if is_invisible(c) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use crate::source::Source;

    use super::*;

    #[test]
    fn every_text_reads_back_in_every_position() {
        let texts = [
            "",
            " ",
            "a",
            "a b",
            "a  b",
            " a",
            "a ",
            "no",
            "NULL",
            "~",
            "1",
            "0x1f",
            "1e3",
            "12:30",
            "2024-01-01",
            "1_000",
            ".5",
            "-",
            "- a",
            "a: b",
            "a:b",
            "a:",
            ":a",
            "#",
            "a #b",
            "a#b",
            "{a}",
            "[a]",
            "a, b",
            "'",
            "\"",
            "\\",
            "\n",
            "a\nb",
            "\t",
            "\r\n",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{0}",
            "é",
            "漢字",
            "🦀",
            "!x",
            "&x",
            "*x",
            "%x",
            "@x",
            "`x`",
            "|",
            ">",
            "?",
            "? a",
            "=",
            "<<",
            "a/b",
            "---",
            "...",
            "arn:aws:wisdom:eu-west-2:123456789012:ai-agent/a/b:1",
            "0123abcd-4567-89ef-0011-223344556677",
            "Sales & Marketing",
            "٣",
            "\u{7f}",
            "\u{301}a",
            "a\u{301}",
            "\u{fffe}",
            "\u{e000}",
            "\u{10ffff}",
        ];
        for text in texts {
            let mut out = Out::new("");
            out.text("t", text);
            out.flow_list("l", &[text, text]);
            out.block_list("b", &[text]);
            out.flow_pairs("p", &Tags::from([(text.to_owned(), text.to_owned())]));
            out.block_pairs("q", &Tags::from([(text.to_owned(), text.to_owned())]));
            let yaml = out.finish();
            let root = crate::tree::parse(&Source::from("f"), &yaml).unwrap_or_else(|fault| panic!("{fault}\n{yaml}"));
            let get = |name: &str| root.get(name).unwrap();
            assert_eq!(get("t").text(), Some(text), "{yaml}");
            assert!(get("l").items().iter().all(|node| node.text() == Some(text)), "{yaml}");
            assert!(get("b").items().iter().all(|node| node.text() == Some(text)), "{yaml}");
            for name in ["p", "q"] {
                let entries = get(name).entries();
                assert!(entries.iter().all(|entry| entry.name == text && entry.node.text() == Some(text)), "{yaml}");
                assert_eq!(entries.len(), 1, "{yaml}");
            }
        }
    }

    #[test]
    fn lists_of_maps_have_the_usual_form() {
        let mut out = Out::new("A comment.");
        out.items("Groups", &["a", "b"], |out, name| {
            out.text("Name", name);
            out.items("Groups", &["c"], |out, name| out.text("Name", name));
        });
        let want = "# A comment.\nGroups:\n- Name: a\n  Groups:\n  - Name: c\n- Name: b\n  Groups:\n  - Name: c\n";
        assert_eq!(out.finish(), want);
    }
}
