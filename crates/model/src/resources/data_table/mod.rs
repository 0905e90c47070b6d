//! Data tables: tables, their attributes (columns), and records (rows) with a value for each attribute.
//!
//! Invariants: a record has a primary value for each primary attribute of its table, or, as the table's default record,
//! for none; no two records of a table have the same primary values; a record other than the default one has at least
//! one value. The three kinds are separate so that writing a value rewrites one record, and in addition only the
//! component whose lock version moves, and so that deleting one rewrites the table too.

mod validation;
mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

pub use validation::Validation;
pub use value::ValueType;

/// How many primary attributes a table has at most (`docs/evidence`, D5).
pub const MOST_PRIMARY_ATTRIBUTES: usize = 5;

/// Stands for one state of what can be changed by several people at a time: a number that each change of it increases, so
/// that no state has the version of an earlier one, and changes of anything else are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LockVersion(pub u64);

impl LockVersion {
    /// The version of the next state.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Whether nothing had a version yet.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0 == 0
    }
}

/// The part that two people may not change at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LockLevel {
    /// Nothing: the last write wins.
    #[default]
    None,
    /// Values of the table.
    DataTable,
    /// Values of a record.
    PrimaryValue,
    /// Values of an attribute.
    Attribute,
    /// A value.
    Value,
}

/// A data table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataTable {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the instance, regardless of case.
    pub name: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The IANA time zone in which what depends on the time is meant.
    pub time_zone: String,
    /// The part that two people may not change at the same time.
    pub value_lock_level: LockLevel,
    /// The identifier of the default record, which exists while it has a value.
    pub default_record_id: Id,
    /// Moves with the table and its attributes; at the level [`LockLevel::DataTable`], with each value too.
    pub lock_version: LockVersion,
    /// The highest version of the attributes, records and values that were deleted. A new one starts above it, so that a
    /// version never comes back with something else of the same name.
    #[serde(default, skip_serializing_if = "LockVersion::is_none")]
    pub retired_version: LockVersion,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made.
    pub created_time: Timestamp,
    /// When it or one of its attributes was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// An attribute of a data table: a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataTableAttribute {
    /// The identifier, a UUID.
    pub id: Id,
    /// The table.
    pub data_table_id: Id,
    /// The name; unique among the attributes of the table, regardless of case.
    pub name: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Of what type its values are.
    pub value_type: ValueType,
    /// Whether its values identify records.
    #[serde(default)]
    pub primary: bool,
    /// The rules that values must meet when they are written.
    #[serde(default)]
    pub validation: Validation,
    /// Moves with the attribute; at the level [`LockLevel::Attribute`], with each of its values too.
    pub lock_version: LockVersion,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// A record of a data table: a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataTableRecord {
    /// The identifier, a UUID.
    pub id: Id,
    /// The table.
    pub data_table_id: Id,
    /// The values of the primary attributes, by attribute; empty only for the default record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub primary_values: BTreeMap<Id, String>,
    /// The values of other attributes, by attribute.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Id, DataTableValue>,
    /// Moves with the primary values and each value.
    pub lock_version: LockVersion,
    /// When it was made or its primary values were last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataTableValue {
    /// The value as it was written: a literal of the attribute's type, or an expression.
    pub value: String,
    /// Moves with the value.
    pub lock_version: LockVersion,
    /// When it was last written.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

impl DataTable {
    /// The version of an attribute, a record or a value that is made now.
    #[must_use]
    pub fn first_version(&self) -> LockVersion {
        self.retired_version.next()
    }

    /// Keeps the version of a part that is deleted.
    pub fn retire(&mut self, version: LockVersion) {
        self.retired_version = self.retired_version.max(version);
    }
}

impl DataTableAttribute {
    /// The fault of `text` as a value of this attribute, in words that follow "the value"; `None` without a fault. An
    /// expression is a value of an attribute that can have expressions, regardless of its result.
    #[must_use]
    pub fn fault(&self, text: &str) -> Option<String> {
        if !self.primary && self.value_type.is_expression(text) {
            return value::too_long(text);
        }
        match self.value_type.fault(text, self.primary) {
            Some(fault) => Some(fault),
            None => self.validation.fault(self.value_type, text),
        }
    }

    /// The form of a primary value under which it is the same as another: numbers by what they are worth, text regardless
    /// of case where the attribute ignores it.
    #[must_use]
    pub fn fold(&self, text: &str) -> String {
        match self.value_type {
            // 0 is added so that -0 is 0.
            ValueType::Number => value::number(text).map_or_else(|| text.to_owned(), |it| (it + 0.0).to_string()),
            ValueType::Text | ValueType::TextList if self.validation.ignore_case == Some(true) => text.to_lowercase(),
            _ => text.to_owned(),
        }
    }
}

impl Stored for DataTable {
    const KIND: Kind = Kind::DataTable;
    const NOUN: &'static str = "data table";
    const ARN_SEGMENT: Option<&'static str> = Some("data-table");
    /// The API's reference does not list it.
    const TAG_SEARCH_TYPE: Option<&'static str> = None;
    const NAMES: Names = Names::IgnoringCase;

    fields!(id, name, tags);
}

impl Stored for DataTableAttribute {
    const KIND: Kind = Kind::DataTableAttribute;
    const NOUN: &'static str = "data table attribute";

    fn id(&self) -> Id {
        self.id.clone()
    }

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        visit(Key { kind: Kind::DataTable, id: self.data_table_id.clone() });
    }
}

impl Stored for DataTableRecord {
    const KIND: Kind = Kind::DataTableRecord;
    const NOUN: &'static str = "data table record";

    fn id(&self) -> Id {
        self.id.clone()
    }

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        visit(Key { kind: Kind::DataTable, id: self.data_table_id.clone() });
        for id in self.primary_values.keys().chain(self.values.keys()) {
            visit(Key { kind: Kind::DataTableAttribute, id: id.clone() });
        }
    }
}
