//! What the batch operations on values have in common: where an item's value is, and that no item is there twice.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use lanyard_model::Id;
use lanyard_model::resources::{DataTableAttribute, DataTableRecord, DataTableValue};
use lanyard_wire::shapes::PrimaryValue;

use super::edit::Cell;
use super::grid::Grid;
use crate::error::{Error, Excerpt, Result};

/// The place that an item of a batch names, in words and as it was found.
pub(super) struct Place<'g> {
    pub(super) primary_values: BTreeMap<Id, String>,
    pub(super) attribute: &'g Arc<DataTableAttribute>,
    pub(super) record: Option<&'g Arc<DataTableRecord>>,
    pub(super) cell: Cell,
}

impl<'g> Place<'g> {
    pub(super) fn new(grid: &'g Grid, primary_values: Option<&Vec<PrimaryValue>>, attribute: &str) -> Result<Self> {
        let attribute = grid.column(attribute)?;
        let primary_values = grid.primary_values(primary_values.map(Vec::as_slice).unwrap_or_default())?;
        let cell = Cell { row: grid.key(&primary_values), attribute: attribute.id.clone() };
        Ok(Self { record: grid.record(&primary_values), primary_values, attribute, cell })
    }

    /// The value that is there. The words before the colon are the service's, which clients look for.
    pub(super) fn value(&self) -> Result<(&'g Arc<DataTableRecord>, &'g DataTableValue)> {
        let found = self.record.and_then(|record| Some((record, record.values.get(&self.attribute.id)?)));
        let missing = || {
            Error::invalid_parameter(format!(
                "Value not found: {} has no value for the attribute `{}`",
                self.record_name(),
                self.attribute.name
            ))
        };
        found.ok_or_else(missing)
    }

    pub(super) fn record_name(&self) -> String {
        if self.primary_values.is_empty() {
            return "the default record".to_owned();
        }
        let values: Vec<String> = self.primary_values.values().map(|value| format!("`{}`", Excerpt(value))).collect();
        format!("the record {}", values.join(", "))
    }
}

/// Refuses a request in which two items are about the same value.
pub(super) fn check_distinct<'a>(places: impl IntoIterator<Item = &'a Result<Place<'a>>>) -> Result<()> {
    let mut seen = HashSet::new();
    for place in places.into_iter().flatten() {
        if !seen.insert(&place.cell) {
            return Err(Error::duplicate(format!(
                "two items of member `Values` are about the attribute `{}` of {}",
                place.attribute.name,
                place.record_name()
            )));
        }
    }
    Ok(())
}
