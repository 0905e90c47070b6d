//! A table with its attributes and records, for lookups by the names and values in a request about values.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lanyard_model::resources::{DataTable, DataTableAttribute, DataTableRecord};
use lanyard_model::{Directory, Id, Kind};
use lanyard_wire::shapes::{PrimaryAttributeValueFilter, PrimaryValue};

use super::find;
use super::view::Locked;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Excerpt, Result};

/// A table, its attributes, and its records by the keys that identify them.
pub(super) struct Grid {
    pub(super) table: Arc<DataTable>,
    attributes: BTreeMap<Id, Arc<DataTableAttribute>>,
    records: HashMap<Vec<String>, Arc<DataTableRecord>>,
}

impl Grid {
    /// The table that a member names, where any version alias may follow.
    pub(super) fn of(cx: &impl InstanceState, text: &str) -> Result<Self> {
        let table = find::table(cx, text)?;
        Ok(Self::new(cx, table))
    }

    /// The table that a member names, with only the records that the caller may know of.
    pub(super) fn visible(cx: &Read<'_>, text: &str) -> Result<Self> {
        let mut grid = Self::of(cx, text)?;
        grid.records.retain(|_, record| cx.can_view(Kind::DataTableRecord, &record.id));
        Ok(grid)
    }

    fn new(directory: &Directory, table: Arc<DataTable>) -> Self {
        let attributes = find::attributes(directory, &table.id).map(|it| (it.id.clone(), Arc::clone(it))).collect();
        let mut grid = Self { attributes, records: HashMap::new(), table };
        for record in find::records(directory, &grid.table.id) {
            grid.records.insert(grid.key(&record.primary_values), Arc::clone(record));
        }
        grid
    }

    /// The same grid as it would be with a changed attribute, but for its records.
    pub(super) fn with_attribute(&self, changed: &DataTableAttribute) -> Self {
        let mut attributes = self.attributes.clone();
        attributes.insert(changed.id.clone(), Arc::new(changed.clone()));
        Self { table: Arc::clone(&self.table), attributes, records: HashMap::new() }
    }

    /// The attributes, in the order of their identifiers.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &Arc<DataTableAttribute>> {
        self.attributes.values()
    }

    /// The primary attributes.
    pub(super) fn primaries(&self) -> impl Iterator<Item = &Arc<DataTableAttribute>> {
        self.attributes().filter(|attribute| attribute.primary)
    }

    /// The attribute of this identifier.
    pub(super) fn attribute(&self, id: &Id) -> Option<&Arc<DataTableAttribute>> {
        self.attributes.get(id)
    }

    /// The attribute of this name.
    pub(super) fn named(&self, name: &str) -> Result<&Arc<DataTableAttribute>> {
        let attribute = self.attributes().find(|attribute| attribute.name == name);
        attribute.ok_or_else(|| Error::not_found("attribute of the data table", name))
    }

    /// The attribute of this name, where a value that is no primary value is meant.
    pub(super) fn column(&self, name: &str) -> Result<&Arc<DataTableAttribute>> {
        let attribute = self.named(name)?;
        if attribute.primary {
            return Err(Error::invalid_parameter(format!(
                "the attribute `{name}` is primary: its values are `PrimaryValues`, and UpdateDataTablePrimaryValues \
                 changes them"
            )));
        }
        Ok(attribute)
    }

    /// The record that has these primary values, if there is one.
    pub(super) fn record(&self, primary_values: &BTreeMap<Id, String>) -> Option<&Arc<DataTableRecord>> {
        self.records.get(&self.key(primary_values))
    }

    /// The default record, if it has a value.
    pub(super) fn default_record(&self) -> Option<&Arc<DataTableRecord>> {
        self.records.get(&Vec::new())
    }

    /// The key of a record with these primary values: equal only for the same record.
    pub(super) fn key(&self, primary_values: &BTreeMap<Id, String>) -> Vec<String> {
        let fold =
            |(id, value): (&Id, &String)| self.attributes.get(id).map_or_else(|| value.clone(), |it| it.fold(value));
        primary_values.iter().map(fold).collect()
    }

    /// The primary values by attribute: none for the default record, else one for each primary attribute.
    pub(super) fn primary_values(&self, values: &[PrimaryValue]) -> Result<BTreeMap<Id, String>> {
        let mut by_attribute = BTreeMap::new();
        for PrimaryValue { attribute_name: name, value } in values {
            let attribute = self.named(name)?;
            if !attribute.primary {
                return Err(Error::invalid_parameter(format!(
                    "member `PrimaryValues` has a value for `{name}`, which is not a primary attribute"
                )));
            }
            if by_attribute.insert(attribute.id.clone(), value.clone()).is_some() {
                return Err(Error::invalid_parameter(format!("member `PrimaryValues` has two values for `{name}`")));
            }
        }
        match self.primaries().find(|attribute| !by_attribute.contains_key(&attribute.id)) {
            Some(missing) if !by_attribute.is_empty() => Err(Error::invalid_parameter(format!(
                "member `PrimaryValues` has no value for `{}`, one for each primary attribute is needed",
                missing.name
            ))),
            _ => Ok(by_attribute),
        }
    }

    /// Refuses primary values that are not such as their attributes take.
    pub(super) fn check_primary_values(&self, values: &BTreeMap<Id, String>) -> Result<()> {
        for (id, value) in values {
            if let Some(attribute) = self.attributes.get(id)
                && let Some(fault) = attribute.fault(value)
            {
                return Err(unfit(&attribute.name, &fault));
            }
        }
        Ok(())
    }

    /// The filters by attribute, each with the values of which a record must have one, as they are compared.
    pub(super) fn filters(&self, filters: Option<&Vec<PrimaryAttributeValueFilter>>) -> Result<Vec<(Id, Vec<String>)>> {
        let filter = |it: &PrimaryAttributeValueFilter| {
            let attribute = self.named(&it.attribute_name)?;
            if !attribute.primary {
                return Err(Error::invalid_parameter(format!(
                    "member `PrimaryAttributeValues` names `{}`, which is not a primary attribute",
                    Excerpt(&it.attribute_name)
                )));
            }
            Ok((attribute.id.clone(), it.values.iter().map(|value| attribute.fold(value)).collect()))
        };
        filters.into_iter().flatten().map(filter).collect()
    }

    /// Whether a record passes [`Self::filters`].
    pub(super) fn passes(&self, record: &DataTableRecord, filters: &[(Id, Vec<String>)]) -> bool {
        filters.iter().all(|(id, values)| match (self.attributes.get(id), record.primary_values.get(id)) {
            (Some(attribute), Some(value)) => values.contains(&attribute.fold(value)),
            _ => false,
        })
    }

    /// The lock versions of a value and what it is part of.
    pub(super) fn locked(&self, attribute: &DataTableAttribute, record: Option<&DataTableRecord>) -> Locked {
        Locked {
            table: Some(self.table.lock_version),
            attribute: Some(attribute.lock_version),
            record: record.map(|record| record.lock_version),
            value: record.and_then(|record| record.values.get(&attribute.id)).map(|value| value.lock_version),
        }
    }

    /// How many values the table has, primary values not counted.
    pub(super) fn count(&self) -> usize {
        self.records.values().map(|record| record.values.len()).sum()
    }
}

/// The error for a value that its attribute does not take.
pub(super) fn unfit(attribute: &str, fault: &str) -> Error {
    Error::invalid_parameter(format!("the value of the attribute `{attribute}` {fault}"))
}
