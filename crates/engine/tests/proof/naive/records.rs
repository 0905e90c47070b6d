//! Rule 10.

use std::collections::BTreeMap;

use lanyard_model::resources::{PrimaryAttributeValue, SecurityProfile};
use lanyard_model::{Id, Kind};

use super::resource::About;
use super::{Eval, Who};

/// A record, or a table as one without attributes.
pub(super) struct Row {
    table: Table,
    values: Values,
}

enum Table {
    /// The instance stores it, or at least its attributes.
    Stored(String),
    /// No table is known.
    None,
    /// It is not in the state, and may exist.
    Unknown,
}

enum Values {
    /// By the attributes' names.
    ByName(BTreeMap<String, String>),
    /// By the attributes' identifiers.
    ById(BTreeMap<String, String>),
    Unknown,
}

impl Row {
    pub(super) fn of_table(id: &str, values: BTreeMap<String, String>) -> Self {
        Self { table: Table::Stored(id.to_owned()), values: Values::ByName(values) }
    }

    pub(super) fn of_no_table(values: Option<BTreeMap<String, String>>) -> Self {
        Self { table: Table::None, values: Values::ByName(values.unwrap_or_default()) }
    }

    pub(super) fn of_unknown_table(values: BTreeMap<String, String>) -> Self {
        Self { table: Table::Unknown, values: Values::ByName(values) }
    }

    pub(super) fn of_record(table: &str, values: impl Iterator<Item = (String, String)>) -> Self {
        Self { table: Table::Stored(table.to_owned()), values: Values::ById(values.collect()) }
    }

    pub(super) fn unknown() -> Self {
        Self { table: Table::Unknown, values: Values::Unknown }
    }

    fn without_values(&self) -> Self {
        let table = match &self.table {
            Table::Stored(id) => Table::Stored(id.clone()),
            Table::None => Table::None,
            Table::Unknown => return Self::unknown(),
        };
        Self { table, values: Values::ByName(BTreeMap::new()) }
    }
}

/// Whether a table has a primary attribute.
enum Has {
    Yes,
    No,
    /// It may, by this open point.
    Maybe(&'static str),
}

/// The value of a record for an attribute.
enum Value {
    Is(String),
    None,
    Unknown,
}

impl Eval<'_> {
    /// Rule 10: "On `DataTableRecord`: rules 3–7 with the tags of its table, and the record rule."
    pub(super) fn record(&self, who: &Who<'_>, action: &str, about: &About) -> bool {
        // "Asked on a DataTable they are asked on a record without attributes of that table."
        let is_table = self.q.resource.resource_type == "DataTable";
        let lets_in = |profile: &SecurityProfile| self.lets_record_in(who, profile, about, is_table);
        // Q8: "strict, the record satisfies the entries of every assigned profile that has entries; lenient, those of
        // one profile that grants, or some granting profile has none."
        let all_let_in = who.profiles.iter().all(|profile| lets_in(profile))
            && !(self.unknown_profile_restricts(who) && self.restrictions_bind(who));
        (self.open("Q8") || all_let_in) && self.any_profile_grants(who, action, "DataTableRecord", about, &lets_in)
    }

    /// Whether the entries of a profile let the record in.
    fn lets_record_in(&self, who: &Who<'_>, profile: &SecurityProfile, about: &About, is_table: bool) -> bool {
        if !self.restrictions_bind(who) {
            return true;
        }
        if self.hides_all(who, profile) {
            return false;
        }
        match about {
            // "Does not restrict the type at all."
            About::Every | About::Nothing => profile.primary_attribute_values.is_empty(),
            // There may be a record of a table without these attributes.
            About::Some => true,
            About::One(facts) => {
                let Some(row) = &facts.row else { return true };
                let row = if is_table { &row.without_values() } else { row };
                // "Several entries must all hold."
                profile.primary_attribute_values.iter().all(|entry| self.entry_lets_in(entry, row))
            }
        }
    }

    /// "An entry […] concerns the tables that have a primary attribute of its name, and no others; of such a table it
    /// lets in the records whose value is one of the entry's, compared exactly."
    fn entry_lets_in(&self, entry: &PrimaryAttributeValue, row: &Row) -> bool {
        // An entry without a name concerns no table.
        let Some(name) = &entry.attribute_name else { return true };
        let has = self.has_primary_attribute(row, name);
        match (has, self.value_of(row, name)) {
            (Has::No, _) => true,
            (_, Value::Is(value)) if entry.values.contains(&value) => true,
            (Has::Yes, Value::Is(_)) => false,
            (Has::Yes, Value::Unknown) => self.unknown_grants(),
            // Q7: "the table has the attribute, or may have it, and no value is known: strict, out; lenient, in."
            (Has::Yes, Value::None) => self.open("Q7"),
            (Has::Maybe(point), Value::None) => self.open("Q7") || self.open(point),
            (Has::Maybe(point), _) => self.open(point),
        }
    }

    /// "Whether the table has the attribute is known for stored tables; a hypothetical record of no stored table has the
    /// attributes that the question gives."
    fn has_primary_attribute(&self, row: &Row, name: &str) -> Has {
        match &row.table {
            Table::Stored(table) => {
                for attribute in self.d.data_table_attributes.values() {
                    if attribute.data_table_id.to_string() == *table && attribute.name == name {
                        return if attribute.primary { Has::Yes } else { Has::No };
                    }
                }
                // A value of an attribute that is not there shows that attributes are missing.
                let is_missing = |id: &String| !self.d.data_table_attributes.contains_key(&Id::new(id));
                let has_unnamed = matches!(&row.values, Values::ById(values) if values.keys().any(is_missing));
                let may_be_missing = has_unnamed || self.may_have_unknown(Kind::DataTableAttribute);
                if may_be_missing { Has::Maybe("Unseen") } else { Has::No }
            }
            Table::None => match &row.values {
                Values::ByName(values) if values.contains_key(name) => Has::Yes,
                _ => Has::Maybe("Q7"),
            },
            Table::Unknown => match &row.values {
                Values::ByName(values) if values.contains_key(name) => Has::Yes,
                Values::ByName(_) => Has::Maybe("Q7"),
                _ => Has::Maybe("Unseen"),
            },
        }
    }

    fn value_of(&self, row: &Row, name: &str) -> Value {
        let known = |value: Option<&String>| value.map_or(Value::None, |value| Value::Is(value.clone()));
        match (&row.values, &row.table) {
            (Values::Unknown, _) => Value::Unknown,
            (Values::ByName(values), _) => known(values.get(name)),
            (Values::ById(values), Table::Stored(table)) => {
                for attribute in self.d.data_table_attributes.values() {
                    if attribute.data_table_id.to_string() == *table && attribute.name == name {
                        return known(values.get(&attribute.id.to_string()));
                    }
                }
                Value::Unknown
            }
            (Values::ById(_), _) => Value::Unknown,
        }
    }

    /// "Changing primary values: denied if any assigned profile has entries that concern the table."
    pub(super) fn may_not_change_primary_values(&self, who: &Who<'_>, about: &About) -> bool {
        if !self.restrictions_bind(who) {
            return false;
        }
        // Unknown restrictions: "it bars changes of primary values".
        if self.unknown_profile_restricts(who) || who.profiles.iter().any(|profile| self.hides_all(who, profile)) {
            return true;
        }
        for profile in &who.profiles {
            if matches!(about, About::Every) && !profile.primary_attribute_values.is_empty() {
                return true;
            }
            for entry in &profile.primary_attribute_values {
                let Some(name) = &entry.attribute_name else { continue };
                let concerns = match about {
                    About::Every | About::Some | About::Nothing => false,
                    About::One(facts) => match facts.row.as_ref().map(|row| self.has_primary_attribute(row, name)) {
                        Some(Has::Yes) => true,
                        Some(Has::Maybe(point)) => !self.open(point),
                        Some(Has::No) | None => false,
                    },
                };
                if concerns {
                    return true;
                }
            }
        }
        false
    }
}
