//! The model's constraints, checked by one interpreter over the reader's nodes.
//!
//! Violations are reported in the model's order. A message quotes at most 64 characters of a value, and none of a
//! sensitive one.

use std::fmt::{self, Display};

use crate::schema::{Member, Number, Schema, Text};
use crate::value::Node;
use crate::{RequestError, RequestFault};

/// The most violations that one error reports.
const REPORTED: usize = 10;

/// The most characters of a value that a message quotes.
const QUOTED: usize = 64;

/// Where in a request a value stands: `Applications[0].Namespace`, `Tags["key"]`.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    /// The whole request.
    Root,
    /// A member of a structure.
    Member(&'p Path<'p>, &'static str),
    /// An item of a list.
    Item(&'p Path<'p>, usize),
    /// An entry of a map.
    Entry(&'p Path<'p>, &'p str),
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Self::Root, name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
            Self::Entry(parent, key) => write!(f, "{parent}[\"{}\"]", Quoted(key)),
        }
    }
}

/// The constraints that a request breaks.
#[derive(Debug, Default)]
pub(crate) struct Violations {
    messages: Vec<String>,
    more: bool,
}

impl Violations {
    pub(crate) fn add(&mut self, path: &Path<'_>, what: impl Display) {
        match self.messages.len() < REPORTED {
            true => self.messages.push(format!("member `{path}` {what}")),
            false => self.more = true,
        }
    }

    pub(crate) fn into_result(self) -> Result<(), RequestError> {
        if self.messages.is_empty() {
            return Ok(());
        }
        let mut message = self.messages.join("; ");
        if self.more {
            message.push_str("; and more");
        }
        Err(RequestError { fault: RequestFault::Constraint, message })
    }
}

/// At most [`QUOTED`] characters of a value.
pub(crate) struct Quoted<'v>(pub(crate) &'v str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(QUOTED) {
            Some((end, _)) => write!(f, "{}…", self.0.get(..end).unwrap_or_default()),
            None => f.write_str(self.0),
        }
    }
}

/// Checks the members of a request.
pub(crate) fn structure(members: &'static [Member], nodes: &[Node<'_>], broken: &mut Violations) {
    check_members(members, nodes, &Path::Root, broken);
}

fn check_members(members: &'static [Member], nodes: &[Node<'_>], path: &Path<'_>, broken: &mut Violations) {
    for (member, node) in members.iter().zip(nodes) {
        match node {
            Node::Absent if member.required => broken.add(&Path::Member(path, member.name), "is required"),
            Node::Absent => {}
            node => check(member.schema, node, &Path::Member(path, member.name), broken),
        }
    }
}

fn check(schema: &Schema, node: &Node<'_>, path: &Path<'_>, broken: &mut Violations) {
    match (schema, node) {
        (Schema::Structure(members), Node::Structure(nodes)) => check_members(members(), nodes, path, broken),
        (Schema::List(list), Node::List(items)) => {
            check_size(items.len(), list.min, list.max, "items", path, broken);
            // Items beyond the bound are not checked: the list is refused as it is.
            for (index, item) in items.iter().take(list.max).enumerate() {
                check(list.item, item, &Path::Item(path, index), broken);
            }
        }
        (Schema::Map(map), Node::Map(entries)) => {
            check_size(entries.len(), map.min, map.max, "entries", path, broken);
            for (key, value) in entries.iter().take(map.max) {
                let path = Path::Entry(path, key);
                check_string(map.key, key, "key", &path, broken);
                check_string(map.value, value, "value", &path, broken);
            }
        }
        (Schema::Text(_) | Schema::Enum(_), Node::Text(text)) => check_string(schema, text, "value", path, broken),
        (Schema::Integer(bounds) | Schema::Long(bounds), Node::Integer(number)) => {
            check_number(*number, bounds, |bound| *number < bound, |bound| *number > bound, path, broken);
        }
        (Schema::Double(bounds), Node::Double(number)) => {
            let below = |bound| *number < as_double(bound);
            let above = |bound| *number > as_double(bound);
            check_number(*number, bounds, below, above, path, broken);
        }
        _ => {}
    }
}

#[expect(clippy::cast_precision_loss, reason = "the model's bounds are small")]
fn as_double(bound: i64) -> f64 {
    bound as f64
}

fn check_size(size: usize, min: usize, max: usize, things: &str, path: &Path<'_>, broken: &mut Violations) {
    if size < min {
        broken.add(path, format_args!("has {size} {things}, at least {min} must be given"));
    } else if size > max {
        broken.add(path, format_args!("has {size} {things}, at most {max} are allowed"));
    }
}

fn check_number(
    number: impl Display,
    bounds: &Number,
    below: impl Fn(i64) -> bool,
    above: impl Fn(i64) -> bool,
    path: &Path<'_>,
    broken: &mut Violations,
) {
    if let Some(min) = bounds.min.filter(|min| below(*min)) {
        broken.add(path, format_args!("has value {number}, must be at least {min}"));
    }
    if let Some(max) = bounds.max.filter(|max| above(*max)) {
        broken.add(path, format_args!("has value {number}, must be at most {max}"));
    }
}

/// `part` is the role of the string in its member: `value`, or the `key` of a map's entry.
fn check_string(schema: &Schema, text: &str, part: &str, path: &Path<'_>, broken: &mut Violations) {
    match schema {
        Schema::Enum(values) if !values.contains(&text) => {
            let values = values.join(", ");
            broken.add(path, format_args!("has {part} `{}`, must be one of {values}", Quoted(text)));
        }
        Schema::Text(bounds) => check_text(bounds, text, part, path, broken),
        _ => {}
    }
}

fn check_text(bounds: &Text, text: &str, part: &str, path: &Path<'_>, broken: &mut Violations) {
    let of = if part == "key" { "key " } else { "" };
    // A string has at most as many characters as bytes.
    let length = match text.len() >= bounds.min && text.len() <= bounds.max && bounds.min <= 1 {
        true => text.len(),
        false => text.chars().count(),
    };
    if length < bounds.min {
        broken.add(path, format_args!("has {of}length {length}, at least {} is required", bounds.min));
    } else if length > bounds.max {
        broken.add(path, format_args!("has {of}length {length}, at most {} is allowed", bounds.max));
    } else if let Some(pattern) = bounds.pattern.filter(|pattern| !pattern.matches(text)) {
        match bounds.sensitive {
            true => broken.add(path, format_args!("has a {part} of a wrong form, must {}", pattern.rule)),
            false => broken.add(path, format_args!("has {part} `{}`, must {}", Quoted(text), pattern.rule)),
        }
    }
}
