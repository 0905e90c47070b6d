//! JSON as the same tree as YAML, with places. YAML parsers read most of JSON, but not all of it: names of any
//! length, tabs, and characters in two escapes.

use std::iter::Peekable;
use std::str::Chars;

use crate::fault::Fault;
use crate::source::Source;
use crate::tree::{At, DEEPEST, Entry, Node, TakenNames, Value};

/// Reads a JSON text.
pub(crate) fn parse(file: &Source, text: &str) -> Result<Node, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { file, rest: text.chars().peekable(), at: At { line: 1, column: 1, layer: 0 } };
    let node = reader.value(0)?;
    reader.space();
    match reader.rest.peek().copied() {
        None => Ok(node),
        Some(c) => Err(reader.fault(&format!("expected the end of the text, found `{c}`"))),
    }
}

/// Reads a text of one or more JSON values, such as one on each line.
pub(crate) fn parse_all(file: &Source, text: &str) -> Result<Vec<Node>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { file, rest: text.chars().peekable(), at: At { line: 1, column: 1, layer: 0 } };
    let mut all = Vec::new();
    loop {
        reader.space();
        if reader.rest.peek().is_none() && !all.is_empty() {
            return Ok(all);
        }
        all.push(reader.value(0)?);
    }
}

struct Reader<'a> {
    file: &'a Source,
    rest: Peekable<Chars<'a>>,
    at: At,
}

impl Reader<'_> {
    fn fault(&self, what: &str) -> Fault {
        Fault::at(self.file, self.at, format!("this is not JSON: {what}"))
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        if c == '\n' {
            self.at = At { line: self.at.line.saturating_add(1), column: 1, layer: 0 };
        } else {
            self.at.column = self.at.column.saturating_add(1);
        }
        Some(c)
    }

    fn space(&mut self) {
        while self.rest.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) {
            self.next();
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        self.space();
        let is_there = self.rest.peek() == Some(&wanted);
        if is_there {
            self.next();
        }
        is_there
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        self.space();
        let at = self.at;
        if depth > DEEPEST {
            return Err(Fault::at(self.file, at, format!("this is nested deeper than {DEEPEST} levels")));
        }
        let value = match self.rest.peek() {
            Some('{') => self.map(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Text { text: self.text()?, plain: false },
            Some(c) if c.is_ascii_alphanumeric() || *c == '-' => self.word()?,
            Some(c) => {
                let what = format!("expected a value, found `{c}`");
                return Err(self.fault(&what));
            }
            None => return Err(self.fault("expected a value, found the end of the text")),
        };
        Ok(Node { at, tag: None, value })
    }

    fn map(&mut self, depth: usize) -> Result<Value, Fault> {
        self.next();
        let mut entries: Vec<Entry> = Vec::new();
        let mut names = TakenNames::default();
        if self.take('}') {
            return Ok(Value::Map(entries));
        }
        loop {
            self.space();
            let at = self.at;
            if self.rest.peek() != Some(&'"') {
                return Err(self.fault("expected a key in quotes"));
            }
            let name = self.text()?;
            if let Some(first) = names.take(&entries, &name, at) {
                return Err(Fault::duplicate_key(self.file, at, &name, first));
            }
            if !self.take(':') {
                return Err(self.fault("expected a colon"));
            }
            let node = self.value(depth + 1)?;
            entries.push(Entry { name, at, node });
            if self.take('}') {
                return Ok(Value::Map(entries));
            }
            if !self.take(',') {
                return Err(self.fault("expected a comma or a closing brace"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        self.next();
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(']') {
                return Ok(Value::List(items));
            }
            if !self.take(',') {
                return Err(self.fault("expected a comma or a closing bracket"));
            }
        }
    }

    fn word(&mut self) -> Result<Value, Fault> {
        let mut word = String::new();
        while self.rest.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')) {
            word.extend(self.next());
        }
        match word.as_str() {
            "null" => Ok(Value::Null),
            "true" | "false" => Ok(Value::Text { text: word, plain: true }),
            _ if word.parse::<f64>().is_ok_and(f64::is_finite) => Ok(Value::Text { text: word, plain: true }),
            _ => Err(self.fault(&format!("`{word}` is not a value"))),
        }
    }

    fn text(&mut self) -> Result<String, Fault> {
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(c) if !c.is_control() || c == '\u{7f}' => text.push(c),
                Some(_) => return Err(self.fault("a string cannot contain a line break or another control character")),
                None => return Err(self.fault("unterminated string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        match self.next() {
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => {
                let first = self.unit()?;
                let unit = match first {
                    0xd800..=0xdbff if self.next() == Some('\\') && self.next() == Some('u') => {
                        let second = self.unit()?.wrapping_sub(0xdc00);
                        if second > 0x3ff {
                            return Err(self.fault("unpaired surrogate"));
                        }
                        0x1_0000 + ((first - 0xd800) << 10) + second
                    }
                    other => other,
                };
                char::from_u32(unit).ok_or_else(|| self.fault("unpaired surrogate"))
            }
            _ => Err(self.fault("unknown escape")),
        }
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            match self.next().and_then(|c| c.to_digit(16)) {
                Some(digit) => unit = unit * 16 + digit,
                None => return Err(self.fault("expected four hexadecimal digits")),
            }
        }
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_with_places() {
        let file = Source::from("f");
        let root = parse(&file, "{\"a\":\t[1, true, null],\n \"b\": {\"c\": \"\\ud83e\\udd80\\/\\u00e9\"}}").unwrap();
        let c = root.get("b").unwrap().get("c").unwrap();
        assert_eq!((c.text(), c.at), (Some("🦀/é"), At { line: 2, column: 13, layer: 0 }));
        assert_eq!(root.get("a").unwrap().items().len(), 3);
        for (text, want) in [
            ("{\"a\": 1, \"a\": 2}", "f:1:10: duplicate key `a` (first on line 1)"),
            ("{\"a\" 1}", "f:1:6: this is not JSON: expected a colon"),
            ("[1", "f:1:3: this is not JSON: expected a comma or a closing bracket"),
            ("\"\\ud800\"", "f:1:9: this is not JSON: unpaired surrogate"),
            ("nul", "f:1:4: this is not JSON: `nul` is not a value"),
            ("[] x", "f:1:4: this is not JSON: expected the end of the text, found `x`"),
        ] {
            assert_eq!(parse(&file, text).unwrap_err().to_string(), want);
        }
        assert!(parse(&file, &"[".repeat(200)).unwrap_err().message.contains("nested deeper"));
    }
}
