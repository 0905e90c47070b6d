//! The members of a map, read as their required types.

use lanyard_model::Tags;

use crate::fault::{Fault, Faults, suggestion};
use crate::source::Source;
use crate::tree::{At, Entry, Node, Value};

/// A map whose members are known.
#[derive(Clone, Copy)]
pub(crate) struct Members<'a> {
    pub(crate) file: &'a Source,
    pub(crate) at: At,
    entries: &'a [Entry],
}

impl<'a> Members<'a> {
    /// The members of `what`, all of which must be known; null is a map without members.
    pub(crate) fn of(file: &'a Source, node: &'a Node, what: &str, known: &[&str]) -> Result<Self, Fault> {
        untagged(file, node)?;
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Null => &[],
            _ => {
                let message = format!("{what} must be a map of its members, not {}", node.noun());
                return Err(Fault::at(file, node.at, message));
            }
        };
        if let Some(entry) = entries.iter().find(|entry| !known.contains(&entry.name.as_str())) {
            return Err(unknown_member(file, entry, what, known));
        }
        Ok(Self { file, at: node.at, entries })
    }

    /// The members of `what`, like [`Self::of`]; every unknown one is added to the faults and left out.
    pub(crate) fn collect(
        file: &'a Source,
        node: &'a Node,
        what: &str,
        known: &[&str],
        faults: &mut Faults,
    ) -> Result<Self, Fault> {
        untagged(file, node)?;
        let Value::Map(entries) = &node.value else { return Self::of(file, node, what, known) };
        for entry in entries.iter().filter(|entry| !known.contains(&entry.name.as_str())) {
            faults.add(unknown_member(file, entry, what, known));
        }
        Ok(Self { file, at: node.at, entries })
    }

    /// Every member, with the place of its name.
    pub(crate) fn entries(&self) -> &'a [Entry] {
        self.entries
    }

    /// The member; `None` where it is missing or null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        let node = &self.entries.iter().find(|entry| entry.name == name)?.node;
        (node.value != Value::Null).then_some(node)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<(&'a str, At)>, Fault> {
        self.get(name).map(|node| text(self.file, node, &format!("`{name}`"))).transpose()
    }

    /// The text of a member, without its place.
    pub(crate) fn owned(&self, name: &str) -> Result<Option<String>, Fault> {
        Ok(self.text(name)?.map(|(text, _)| text.to_owned()))
    }

    /// A required string that is not empty.
    pub(crate) fn required(&self, what: &str, name: &str) -> Result<(&'a str, At), Fault> {
        match self.text(name)? {
            Some((text, at)) if !text.is_empty() => Ok((text, at)),
            Some((_, at)) => Err(Fault::at(self.file, at, format!("`{name}` is empty"))),
            None => Err(Fault::at(self.file, self.at, format!("{what} needs the member `{name}`"))),
        }
    }

    /// A string that must be one of these.
    pub(crate) fn choice(&self, name: &str, known: &[&str]) -> Result<Option<&'a str>, Fault> {
        let Some((text, at)) = self.text(name)? else { return Ok(None) };
        if known.contains(&text) {
            return Ok(Some(text));
        }
        let hint = suggestion(text, known.iter().copied(), || format!("; the values are {}", known.join(", ")));
        Err(Fault::at(self.file, at, format!("`{name}` cannot be `{text}`{hint}")))
    }

    pub(crate) fn list(&self, name: &str) -> Result<&'a [Node], Fault> {
        self.get(name).map_or(Ok(&[]), |node| list(self.file, node, &format!("`{name}`")))
    }

    /// A list of distinct strings.
    pub(crate) fn set(&self, name: &str) -> Result<Vec<(&'a str, At)>, Fault> {
        let mut texts = Vec::new();
        for node in self.list(name)? {
            let (text, at) = text(self.file, node, &format!("a value of `{name}`"))?;
            texts.push((text, at));
        }
        let mut sorted = texts.clone();
        sorted.sort_by_key(|(text, at)| (*text, at.line, at.column));
        if let Some([(_, first), (text, at)]) =
            sorted.windows(2).find(|pair| matches!(pair, [(a, _), (b, _)] if a == b))
        {
            let message = format!("duplicate value `{text}` in `{name}` (first on line {})", first.line);
            return Err(Fault::at(self.file, *at, message));
        }
        Ok(texts)
    }

    /// A map of strings. A key without a value has the empty value.
    pub(crate) fn pairs(&self, name: &str) -> Result<Tags, Fault> {
        let Some(node) = self.get(name) else { return Ok(Tags::new()) };
        untagged(self.file, node)?;
        let Value::Map(entries) = &node.value else {
            let message = format!("`{name}` must be a map of keys and values, not {}", node.noun());
            return Err(Fault::at(self.file, node.at, message));
        };
        let pair = |entry: &Entry| match &entry.node.value {
            Value::Null => Ok((entry.name.clone(), String::new())),
            _ => {
                let (value, _) = text(self.file, &entry.node, &format!("`{}`", entry.name))?;
                Ok((entry.name.clone(), value.to_owned()))
            }
        };
        entries.iter().map(pair).collect()
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let Some(node) = self.get(name) else { return Ok(None) };
        match &node.value {
            Value::Text { text, plain: true } if text == "true" => Ok(Some(true)),
            Value::Text { text, plain: true } if text == "false" => Ok(Some(false)),
            _ => Err(Fault::at(self.file, node.at, format!("`{name}` must be true or false"))),
        }
    }
}

fn unknown_member(file: &Source, entry: &Entry, what: &str, known: &[&str]) -> Fault {
    let all = || format!("; the members are {}", known.join(", "));
    let hint = suggestion(&entry.name, known.iter().copied(), all);
    Fault::at(file, entry.at, format!("{what} has no member `{}`{hint}", entry.name))
}

/// The items of a list.
pub(crate) fn list<'a>(file: &Source, node: &'a Node, what: &str) -> Result<&'a [Node], Fault> {
    untagged(file, node)?;
    match &node.value {
        Value::List(items) => Ok(items),
        Value::Null => Ok(&[]),
        _ => Err(Fault::at(file, node.at, format!("{what} must be a list, not {}", node.noun()))),
    }
}

/// A text, with its place.
pub(crate) fn text<'a>(file: &Source, node: &'a Node, what: &str) -> Result<(&'a str, At), Fault> {
    untagged(file, node)?;
    match &node.value {
        Value::Text { text, .. } => Ok((text, node.at)),
        _ => Err(Fault::at(file, node.at, format!("{what} must be a string, not {}", node.noun()))),
    }
}

fn untagged(file: &Source, node: &Node) -> Result<(), Fault> {
    match &node.tag {
        Some(tag) => Err(Fault::at(file, node.at, format!("the tag `!{tag}` has no meaning here"))),
        None => Ok(()),
    }
}
