//! The shapes of the model with their constraints, as data: one table for the reader, the validator and the writer.
//!
//! The tables are generated statics that refer to each other by address, so a recursive shape is a cycle here. The
//! members of a structure stand in the model's order, which is also the order of its fields in Rust.

use crate::pattern::Pattern;

/// A shape of the model with its constraints.
#[derive(Debug)]
pub enum Schema {
    /// A structure, by its members (a function, since recursive shapes refer to each other).
    Structure(fn() -> &'static [Member]),
    /// A list.
    List(List),
    /// A map from text to text.
    Map(Map),
    /// A string without an enumeration.
    Text(Text),
    /// A string that must be one of these values.
    Enum(&'static [&'static str]),
    /// A whole number of 32 bits.
    Integer(Number),
    /// A whole number of 64 bits.
    Long(Number),
    /// A floating-point number.
    Double(Number),
    /// `true` or `false`.
    Boolean,
    /// A point in time, epoch seconds on the wire.
    Timestamp,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// The name in the model, which is the name in a JSON body and usually the name of its label in a path.
    pub name: &'static str,
    /// Where the member travels.
    pub location: Location,
    /// Whether a request must carry the member.
    pub required: bool,
    /// The member's shape.
    pub schema: &'static Schema,
}

/// Where a member of an input travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the JSON body.
    Body,
    /// In the path, as the label of this name.
    Label(&'static str),
    /// In the query, under this name.
    Query(&'static str),
}

/// A list's bounds (in items) and the shape of its items.
#[derive(Debug)]
pub struct List {
    /// The fewest items.
    pub min: usize,
    /// The most items.
    pub max: usize,
    /// The shape of an item.
    pub item: &'static Schema,
}

/// A map's bounds (in entries) and the shapes of keys and values.
#[derive(Debug)]
pub struct Map {
    /// The fewest entries.
    pub min: usize,
    /// The most entries.
    pub max: usize,
    /// The shape of a key.
    pub key: &'static Schema,
    /// The shape of a value.
    pub value: &'static Schema,
}

/// A string's bounds, in Unicode scalar values.
#[derive(Debug)]
pub struct Text {
    /// The shortest length.
    pub min: usize,
    /// The longest length.
    pub max: usize,
    /// The pattern of the whole string.
    pub pattern: Option<&'static Pattern>,
    /// Whether the value must stay out of messages, logs and `Debug` outputs.
    pub sensitive: bool,
}

impl Text {
    /// A string without constraints.
    pub(crate) const ANY: Self = Self { min: 0, max: usize::MAX, pattern: None, sensitive: false };

    /// The same string of at least `min` characters.
    pub(crate) const fn min(self, min: usize) -> Self {
        Self { min, ..self }
    }

    /// The same string of at most `max` characters.
    pub(crate) const fn max(self, max: usize) -> Self {
        Self { max, ..self }
    }

    /// The same string of this pattern.
    pub(crate) const fn pattern(self, pattern: &'static Pattern) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    /// The same string, sensitive or not.
    pub(crate) const fn sensitive(self, sensitive: bool) -> Self {
        Self { sensitive, ..self }
    }
}

/// A number's bounds, both inclusive.
#[derive(Debug)]
pub struct Number {
    /// The least value.
    pub min: Option<i64>,
    /// The greatest value.
    pub max: Option<i64>,
}

impl Number {
    /// A number without constraints.
    pub(crate) const ANY: Self = Self { min: None, max: None };

    /// The same number, at least `min`.
    pub(crate) const fn min(self, min: i64) -> Self {
        Self { min: Some(min), ..self }
    }

    /// The same number, at most `max`.
    pub(crate) const fn max(self, max: i64) -> Self {
        Self { max: Some(max), ..self }
    }
}

impl Member {
    /// An optional member of the body.
    pub(crate) const fn new(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, location: Location::Body, required: false, schema }
    }

    /// The same member, required.
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same member, in the path.
    pub(crate) const fn label(self) -> Self {
        Self { location: Location::Label(self.name), ..self }
    }

    /// The same member, in the path as the label `name`.
    pub(crate) const fn label_as(self, name: &'static str) -> Self {
        Self { location: Location::Label(name), ..self }
    }

    /// The same member, in the query under `name`.
    pub(crate) const fn query(self, name: &'static str) -> Self {
        Self { location: Location::Query(name), ..self }
    }
}
