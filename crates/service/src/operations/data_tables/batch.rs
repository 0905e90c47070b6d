//! The common part of the batch operations on values: the place of an item's value, the check that no item is there
//! twice, and the outcome of each item.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use lanyard_model::Id;
use lanyard_model::resources::{DataTableAttribute, DataTableRecord, DataTableValue};
use lanyard_wire::shapes::{self, PrimaryValue};

use super::edit::Cell;
use super::grid::Grid;
use crate::error::{Error, Excerpt, Result};

/// An item of a batch: it names a value.
pub(super) trait Item {
    /// The primary values of the record; `None` or empty for the default record.
    fn primary_values(&self) -> Option<&Vec<PrimaryValue>>;
    /// The attribute.
    fn attribute_name(&self) -> &str;
}

macro_rules! items {
    ($($item:ident),*) => {$(
        impl Item for shapes::$item {
            fn primary_values(&self) -> Option<&Vec<PrimaryValue>> {
                self.primary_values.as_ref()
            }

            fn attribute_name(&self) -> &str {
                &self.attribute_name
            }
        }
    )*};
}

items!(DataTableValue, DataTableDeleteValueIdentifier, DataTableValueIdentifier);

/// The items that were done, each with its place and result, and those that failed.
pub(super) struct Outcome<'i, 'g, I, T> {
    pub(super) done: Vec<(&'i I, NamedValue<'g>, T)>,
    pub(super) failed: Vec<(&'i I, Error)>,
}

/// Does each item by itself.
///
/// # Errors
/// When two items are about the same value.
pub(super) fn each<'i, 'g, I: Item, T>(
    grid: &'g Grid,
    items: &'i [I],
    mut run: impl FnMut(&I, &NamedValue<'g>) -> Result<T>,
) -> Result<Outcome<'i, 'g, I, T>> {
    let places: Vec<Result<NamedValue<'g>>> = items.iter().map(|item| NamedValue::of(grid, item)).collect();
    check_distinct(&places)?;
    let mut outcome = Outcome { done: Vec::new(), failed: Vec::new() };
    for (item, place) in items.iter().zip(places) {
        match place.and_then(|place| run(item, &place).map(|made| (place, made))) {
            Ok((place, made)) => outcome.done.push((item, place, made)),
            Err(error) => outcome.failed.push((item, error)),
        }
    }
    Ok(outcome)
}

/// The items that failed with their errors, in the structure of an operation.
macro_rules! failures {
    ($result:ident, $failed:expr) => {
        $failed
            .into_iter()
            .map(|(item, error)| $result {
                primary_values: Some(item.primary_values.clone().unwrap_or_default()),
                attribute_name: Some(item.attribute_name.clone()),
                message: Some(error.message().to_owned()),
            })
            .collect()
    };
}
pub(super) use failures;

/// The items that were done with their lock versions after the change, in the structure of an operation.
macro_rules! successes {
    ($result:ident, $done:expr, $stored:expr, $grid:expr) => {
        $done
            .into_iter()
            .map(|(item, place, ())| $result {
                primary_values: Some(item.primary_values.clone().unwrap_or_default()),
                attribute_name: Some(item.attribute_name.clone()),
                lock_version: Some(view::lock(&$stored.locked(&$grid, &place.cell))),
            })
            .collect()
    };
}
pub(super) use successes;

/// The place that an item of a batch names, looked up.
pub(super) struct NamedValue<'g> {
    pub(super) primary_values: BTreeMap<Id, String>,
    pub(super) attribute: &'g Arc<DataTableAttribute>,
    pub(super) record: Option<&'g Arc<DataTableRecord>>,
    pub(super) cell: Cell,
}

impl<'g> NamedValue<'g> {
    pub(super) fn of(grid: &'g Grid, item: &impl Item) -> Result<Self> {
        let attribute = grid.column(item.attribute_name())?;
        let primary_values = grid.primary_values(item.primary_values().map(Vec::as_slice).unwrap_or_default())?;
        let cell = Cell { row: grid.key(&primary_values), attribute: attribute.id.clone() };
        Ok(Self { record: grid.record(&primary_values), primary_values, attribute, cell })
    }

    /// The value that is there. The words before the colon are the service's, which clients look for.
    pub(super) fn value(&self) -> Result<(&'g Arc<DataTableRecord>, &'g DataTableValue)> {
        let value = self.record.and_then(|record| Some((record, record.values.get(&self.attribute.id)?)));
        let missing = || {
            Error::invalid_parameter(format!(
                "Value not found: {} has no value for the attribute `{}`",
                self.record_name(),
                self.attribute.name
            ))
        };
        value.ok_or_else(missing)
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
fn check_distinct<'a>(places: impl IntoIterator<Item = &'a Result<NamedValue<'a>>>) -> Result<()> {
    let mut cells = HashSet::new();
    for place in places.into_iter().flatten() {
        if !cells.insert(&place.cell) {
            return Err(Error::duplicate(format!(
                "two items of member `Values` are about the attribute `{}` of {}",
                place.attribute.name,
                place.record_name()
            )));
        }
    }
    Ok(())
}
