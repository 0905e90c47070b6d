//! Hours of operation.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Names, Stored, Tags, Timestamp};

/// When a contact centre, or a part of it, is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoursOfOperation {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique in the instance.
    pub name: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The time zone, an IANA name such as `Europe/Berlin`.
    pub time_zone: String,
    /// The spans in which it is open.
    pub config: Vec<OpeningSpan>,
    /// The hours whose overrides these inherit, at most 3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parent_ids: Vec<Id>,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

/// A span of a weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningSpan {
    /// `MONDAY` to `SUNDAY`.
    pub day: String,
    /// From when.
    pub start: TimeOfDay,
    /// Until when.
    pub end: TimeOfDay,
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hours: i32,
    /// 0 to 59.
    pub minutes: i32,
}

impl Stored for HoursOfOperation {
    const KIND: Kind = Kind::HoursOfOperation;
    const NOUN: &'static str = "hours of operation";
    const ARN_SEGMENT: Option<&'static str> = Some("operating-hours");
    const NAMES: Names = Names::Exact;

    fields!(id, name, tags);

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        for id in &self.parent_ids {
            visit(Key { kind: Kind::HoursOfOperation, id: id.clone() });
        }
    }
}
