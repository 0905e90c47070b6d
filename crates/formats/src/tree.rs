//! YAML as a tree in which each value has its place.
//!
//! Invariants: the keys of a map are distinct, and no value is nested deeper than [`DEEPEST`]. Anchors and aliases
//! are refused: no format needs them, and a few lines of them can expand to a tree of any size.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::fault::Fault;
pub(crate) use crate::source::At;
use crate::source::Source;

/// The maximum nesting of values.
pub(crate) const DEEPEST: usize = 100;
/// The number of members from which keys are looked up in a hash table.
const MANY: usize = 16;

/// The place of a marker of the parser.
fn place_of(marker: &Marker) -> At {
    let number = |from: usize| u32::try_from(from).unwrap_or(u32::MAX);
    At { line: number(marker.line()), column: number(marker.col().saturating_add(1)), layer: 0 }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: At,
    /// The tag without its exclamation mark, such as `Ref`.
    pub(crate) tag: Option<String>,
    pub(crate) value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Null: no value, `~` or `null`.
    Null,
    /// A string, number or boolean, as written.
    Text {
        text: String,
        /// Whether it had no quotes, so that it may be a number or boolean.
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A member of a map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) at: At,
    pub(crate) node: Node,
}

impl Node {
    /// The type of the value, for messages.
    pub(crate) fn noun(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Text { .. } => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// The member of a map.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| &entry.node)
    }

    /// The members of a map; none of anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Moves the tree to another file of its document.
    pub(crate) fn lift(&mut self, by: u16) {
        self.at.layer = self.at.layer.saturating_add(by);
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.lift(by)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.at.layer = entry.at.layer.saturating_add(by);
                    entry.node.lift(by);
                }
            }
            Value::Null | Value::Text { .. } => {}
        }
    }

    /// The string, number or boolean, as written.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// The keys of a map so far: compared one by one while they are few.
#[derive(Default)]
pub(crate) struct TakenNames(HashMap<String, At>);

impl TakenNames {
    /// Adds the key of the member after `entries`; returns the place of an earlier member with the same key.
    pub(crate) fn take(&mut self, entries: &[Entry], name: &str, at: At) -> Option<At> {
        if entries.len() < MANY {
            return entries.iter().find(|entry| entry.name == name).map(|entry| entry.at);
        }
        if self.0.is_empty() {
            self.0.extend(entries.iter().map(|entry| (entry.name.clone(), entry.at)));
        }
        self.0.insert(name.to_owned(), at)
    }
}

/// A map or list that is not closed yet.
struct Open {
    at: At,
    tag: Option<String>,
    inner: Inner,
}

enum Inner {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(String, At)>, names: TakenNames },
}

/// Reads the single document of a file; an empty file is [`Value::Null`].
pub(crate) fn parse(file: &Source, text: &str) -> Result<Node, Fault> {
    let source = text;
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let wrong = format!("this is not YAML: {}", error.info().to_lowercase());
            tabs(file, text).unwrap_or_else(|| Fault::at(file, place_of(error.marker()), wrong))
        })?;
        let at = place_of(&span.start);
        let tag = |tag: Option<std::borrow::Cow<'_, saphyr_parser::Tag>>| tag.map(|tag| tag.suffix.clone());
        let done = match event {
            Event::Scalar(text, style, 0, its_tag) => {
                let plain = style == ScalarStyle::Plain;
                let is_item = matches!(open.last(), Some(Open { inner: Inner::List(_), .. }));
                if plain && is_item && span.end.line() > span.start.line() {
                    not_folded(file, source, span.start.line(), span.end.line())?;
                }
                let is_null = plain && its_tag.is_none() && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_null { Value::Null } else { Value::Text { text: text.into_owned(), plain } };
                Some(Node { at, tag: tag(its_tag), value })
            }
            Event::SequenceStart(0, its_tag) => {
                open.push(Open { at, tag: tag(its_tag), inner: Inner::List(Vec::new()) });
                None
            }
            Event::MappingStart(0, its_tag) => {
                let inner = Inner::Map { entries: Vec::new(), key: None, names: TakenNames::default() };
                open.push(Open { at, tag: tag(its_tag), inner });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(Open::closed),
            Event::Alias(_) | Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) => {
                return Err(Fault::at(file, at, "anchors and aliases are not supported; repeat the value"));
            }
            Event::DocumentStart(_) if root.is_some() => {
                return Err(Fault::at(file, at, "a second document begins here; a file has only one"));
            }
            _ => None,
        };
        if open.len() > DEEPEST {
            return Err(Fault::at(file, at, format!("this is nested deeper than {DEEPEST} levels")));
        }
        let Some(node) = done else { continue };
        match open.last_mut() {
            Some(outer) => outer.take(file, node)?,
            None => root = Some(node),
        }
    }
    Ok(root.unwrap_or(Node { at: At { line: 1, column: 1, layer: 0 }, tag: None, value: Value::Null }))
}

/// The tabs before the first word of a line, which YAML refuses; `None` where there are none.
fn tabs(file: &Source, text: &str) -> Option<Fault> {
    let tab = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        line.get(..indent)?.chars().position(|c| c == '\t')
    };
    let places = text.lines().enumerate().filter_map(|(number, line)| Some((number, tab(line)?)));
    let faults = places.take(MOST_TABS).map(|(line, column)| {
        let number = |count: usize| u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX);
        Fault::at(
            file,
            At { line: number(line), column: number(column), layer: 0 },
            "YAML indents with spaces, not tabs",
        )
    });
    Fault::all(faults.collect())
}

/// The maximum number of tabs that are reported.
const MOST_TABS: usize = 50;

/// Refuses a list's item on several lines of which one looks like another item: it is indented too far, and YAML makes
/// one value of both.
fn not_folded(file: &Source, text: &str, first: usize, last: usize) -> Result<(), Fault> {
    let lines = text.lines().enumerate().skip(first).take(last.saturating_sub(first));
    let number = |count: usize| u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX);
    let faults = lines.filter(|(_, line)| line.trim_start().starts_with("- ")).map(|(at, line)| {
        let (line, column) = (number(at), number(line.len() - line.trim_start().len()));
        let message = format!("this item is part of the value on line {first}; indent it like the other items");
        Fault::at(file, At { line, column, layer: 0 }, message)
    });
    Fault::all(faults.collect()).map_or(Ok(()), Err)
}

impl Open {
    fn closed(self) -> Node {
        let value = match self.inner {
            Inner::List(items) => Value::List(items),
            Inner::Map { entries, .. } => Value::Map(entries),
        };
        Node { at: self.at, tag: self.tag, value }
    }

    /// Adds the next value of a list, or the next key or value of a map.
    fn take(&mut self, file: &Source, node: Node) -> Result<(), Fault> {
        match &mut self.inner {
            Inner::List(items) => items.push(node),
            Inner::Map { entries, key, names } => match key.take() {
                Some((name, at)) => entries.push(Entry { name, at, node }),
                None => {
                    let at = node.at;
                    let name = match node.value {
                        Value::Text { text, .. } => text,
                        Value::Null => String::new(),
                        _ => return Err(Fault::at(file, at, "the key of a member must be a string")),
                    };
                    if let Some(first) = names.take(entries, &name, at) {
                        return Err(Fault::duplicate_key(file, at, &name, first));
                    }
                    *key = Some((name, at));
                }
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, String> {
        parse(&Source::from("f"), text).map_err(|fault| fault.to_string())
    }

    #[test]
    fn values_have_their_place() {
        let root = read("a: é b\nc:\n- {d: 'no', e: }\n- !Sub x\n").unwrap();
        let at = |line, column| At { line, column, layer: 0 };
        assert_eq!(root.get("a").map(|node| (node.at, node.text())), Some((at(1, 4), Some("é b"))));
        let [first, second] = root.get("c").unwrap().items() else { panic!() };
        assert_eq!(first.get("d").unwrap().value, Value::Text { text: "no".into(), plain: false });
        assert_eq!(first.get("d").unwrap().at, at(3, 7));
        assert_eq!(first.get("e").unwrap().value, Value::Null);
        assert_eq!((second.tag.as_deref(), second.at.line), (Some("Sub"), 4));
        assert_eq!(read("").unwrap().value, Value::Null);
    }

    #[test]
    fn unreadable_documents_have_errors_with_their_place() {
        assert_eq!(read("a: 1\nb: 2\na: 3\n").unwrap_err(), "f:3:1: duplicate key `a` (first on line 1)");
        let many = (0..40).map(|at| format!("k{at}: 1\n")).collect::<String>();
        assert_eq!(read(&format!("{many}k20: 2\n")).unwrap_err(), "f:41:1: duplicate key `k20` (first on line 21)");
        assert!(read("a: &x 1\nb: *x\n").unwrap_err().starts_with("f:1:4: anchors"), "{:?}", read("a: &x 1"));
        assert!(read("a: [1\n").unwrap_err().starts_with("f:2:1: this is not YAML"), "{:?}", read("a: [1\n"));
        assert!(read("a: 1\n---\nb: 2\n").unwrap_err().starts_with("f:2:1: a second document"));
        assert!(read(&"[".repeat(101)).unwrap_err().contains("nested deeper"));
    }
}
