//! BatchCreateDataTableValue.

use lanyard_model::Kind;
use lanyard_wire::shapes::{
    BatchCreateDataTableValueFailureResult, BatchCreateDataTableValueRequest, BatchCreateDataTableValueResponse,
    BatchCreateDataTableValueSuccessResult, DataTableValue,
};

use super::batch::{self, Place, failures};
use super::edit::Edit;
use super::grid::{self, Grid};
use super::{locks, view};
use crate::context::Write;
use crate::error::{Error, Result};

/// Creates values where there are none, and records with their first values. Each item succeeds or fails by itself; those
/// that succeed are stored together, or, where they are more than the table may hold, refused together.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &BatchCreateDataTableValueRequest,
) -> Result<BatchCreateDataTableValueResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let mut edit = Edit::new(cx, &grid);
    let outcome = batch::each(&grid, &input.values, |item, place| {
        check(&grid, item, place)?;
        Ok(edit.set(cx, &place.cell, &place.primary_values, &item.value))
    })?;
    let count = grid.count() + outcome.done.len();
    if !outcome.done.is_empty() {
        cx.config.quotas.check_within(Kind::DataTableRecord, count, "values", &grid.table.id)?;
    }
    let stored = edit.store(cx)?;
    let successful = outcome
        .done
        .into_iter()
        .map(|(item, place, record)| BatchCreateDataTableValueSuccessResult {
            primary_values: Some(item.primary_values.clone().unwrap_or_default()),
            attribute_name: Some(item.attribute_name.clone()),
            record_id: Some(record.to_string()),
            lock_version: Some(view::lock(&stored.locked(&grid, &place.cell))),
        })
        .collect();
    Ok(BatchCreateDataTableValueResponse {
        successful: Some(successful),
        failed: Some(failures!(BatchCreateDataTableValueFailureResult, outcome.failed)),
    })
}

fn check(grid: &Grid, item: &DataTableValue, place: &Place<'_>) -> Result<()> {
    if place.value().is_ok() {
        return Err(Error::duplicate(format!(
            "Value already exists: {} has a value for the attribute `{}`",
            place.record_name(),
            place.attribute.name
        )));
    }
    let locked = grid.locked(place.attribute, place.record.map(AsRef::as_ref));
    locks::check(grid.table.value_lock_level, item.lock_version.as_ref(), &locked)?;
    grid.check_primary_values(&place.primary_values)?;
    match place.attribute.fault(&item.value) {
        Some(fault) => Err(grid::unfit(&place.attribute.name, &fault)),
        None => Ok(()),
    }
}
