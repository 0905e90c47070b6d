//! Rule 10: the effect of a profile's record rule on the records of data tables.

use lanyard_model::{Id, Kind};

use crate::ask::Extent;
use crate::profile::Profile;
use crate::reading::OpenPoint;
use crate::scope::Case;
use crate::types::Type;
use crate::unknown_parts::MAYBE;

/// The effect of one profile's record rule on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordLimit {
    /// The profile has no entries that concern the record's table.
    Free,
    /// The record has what every entry that concerns its table asks for.
    Within,
    /// The question is about all records.
    Partial,
    /// No value is known of an attribute that an entry names and the table has or may have, and the record has what the
    /// other entries ask for (Q7).
    Lacks,
    /// The record has another value than an entry asks for.
    Differs,
    /// Whether it has entries is unknown.
    Unknown,
}

/// Whether an entry of a record rule concerns the table of the question: it does where the table has a primary attribute
/// of the entry's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Concern {
    Yes,
    No,
    /// No table is known, and the question does not give the attribute (Q7).
    Maybe,
    /// The table is known, and its attributes are not (Unseen).
    Unknown,
}

impl<'a> Case<'a> {
    /// The effect of the profile's entries on the record.
    pub(crate) fn record_limit(&self, profile: &Profile) -> RecordLimit {
        if self.is_unbound() {
            return RecordLimit::Free;
        }
        if profile.restrictions_unknown && !self.grants(OpenPoint::Unseen) {
            return RecordLimit::Unknown;
        }
        if !profile.restricts_records {
            return RecordLimit::Free;
        }
        if self.target.extent != Extent::One {
            return RecordLimit::Partial;
        }
        if self.target.item == Some(MAYBE) && !self.target.resource.hypothetical {
            // Only where what is unknown is read so that access is granted: the table may have no such attribute.
            return RecordLimit::Free;
        }
        let mut limit = RecordLimit::Free;
        for entry in profile.source.iter().flat_map(|source| &source.primary_attribute_values) {
            let name = entry.attribute_name.as_deref().unwrap_or_default();
            let concern = self.concern(name);
            if concern == Concern::No {
                continue;
            }
            let mut values = self.primary_values().filter(|(attribute, _)| *attribute == name).peekable();
            let is_known = values.peek().is_some();
            let is_listed = values.any(|(_, value)| entry.values.iter().any(|allowed| allowed == value));
            let of_entry = match concern {
                _ if is_listed => RecordLimit::Within,
                Concern::Unknown if self.grants(OpenPoint::Unseen) => continue,
                // A stored record may have a value of the unknown attribute; another one has none (Q7).
                Concern::Unknown if is_known || self.stored_record().is_some() => return RecordLimit::Unknown,
                _ if is_known => return RecordLimit::Differs,
                _ => RecordLimit::Lacks,
            };
            if limit != RecordLimit::Lacks {
                limit = of_entry;
            }
        }
        limit
    }

    /// Whether an entry of this name concerns the table of the question.
    fn concern(&self, name: &str) -> Concern {
        let compiled = self.compiled;
        if name.is_empty() {
            // No attribute is without a name.
            return Concern::No;
        }
        let Some(table) = self.table() else {
            let is_given = self.primary_values().any(|(attribute, _)| attribute == name);
            return if is_given { Concern::Yes } else { Concern::Maybe };
        };
        match compiled.records().is_primary(table, name) {
            Some(true) => Concern::Yes,
            Some(false) => Concern::No,
            None => {
                let has_unnamed = self.stored_record().is_some_and(|at| compiled.records().has_unnamed_values(at));
                let may_be_missing = has_unnamed || compiled.lacks(Kind::DataTableAttribute);
                if may_be_missing { Concern::Unknown } else { Concern::No }
            }
        }
    }

    /// Whether an entry of this name may concern the table of the question.
    pub(crate) fn concerns(&self, name: &str) -> bool {
        self.concern(name) != Concern::No
    }

    /// The stored record that the question is about.
    fn stored_record(&self) -> Option<u32> {
        let is_record = self.target.it == Type::RECORD && !self.target.resource.hypothetical;
        self.target.item.filter(|_| is_record)
    }

    /// The stored table that the question is about, or in which its record is or would be.
    fn table(&self) -> Option<&'a Id> {
        if let Some(at) = self.stored_record() {
            return self.compiled.records().table_of(at);
        }
        let at = match self.target.it {
            Type::RECORD => self.compiled.table_at(self.target.resource.named_table()?)?,
            _ => self.target.item?,
        };
        self.compiled.id_of(at)
    }

    /// Whether an entry of the profile forbids to change primary values of the record, or of records of the table.
    pub(crate) fn bars(&self, profile: &Profile) -> bool {
        if self.is_unbound() {
            return false;
        }
        if profile.restrictions_unknown && !self.grants(OpenPoint::Unseen) {
            return true;
        }
        match self.target.extent {
            Extent::Every => profile.restricts_records,
            // There may be a table that no entry concerns.
            Extent::Some => false,
            Extent::One if !profile.restricts_records => false,
            Extent::One if self.target.item == Some(MAYBE) && !self.target.resource.hypothetical => false,
            Extent::One => {
                let mut entries = profile.source.iter().flat_map(|source| &source.primary_attribute_values);
                entries.any(|entry| match self.concern(entry.attribute_name.as_deref().unwrap_or_default()) {
                    Concern::Yes => true,
                    Concern::No => false,
                    Concern::Maybe => !self.grants(OpenPoint::Q7),
                    Concern::Unknown => !self.grants(OpenPoint::Unseen),
                })
            }
        }
    }

    /// Whether an entry of any profile forbids to change primary values.
    pub(crate) fn bars_change(&self, changes: bool) -> bool {
        changes && self.profiles().any(|profile| self.bars(profile))
    }

    /// The primary values of the record: the stored ones, or those of the question. A table represents a record without
    /// primary values.
    pub(crate) fn primary_values(&self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let (stored, given) = match (self.target.it == Type::RECORD, self.stored_record()) {
            (false, _) => (None, [].as_slice()),
            (true, Some(at)) => (Some(self.compiled.records().primary_values(at)), [].as_slice()),
            (true, None) => (None, self.target.resource.primary_values),
        };
        stored.into_iter().flatten().chain(given.iter().copied())
    }
}
