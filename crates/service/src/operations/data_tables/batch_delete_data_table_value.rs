//! BatchDeleteDataTableValue.

use lanyard_wire::shapes::{
    BatchDeleteDataTableValueFailureResult, BatchDeleteDataTableValueRequest, BatchDeleteDataTableValueResponse,
    BatchDeleteDataTableValueSuccessResult, DataTableDeleteValueIdentifier,
};

use super::batch::{self, Place, failures};
use super::edit::Edit;
use super::grid::Grid;
use super::{locks, view};
use crate::context::Write;
use crate::error::Result;

/// Deletes values, and records with their last ones. Each item succeeds or fails by itself; those that succeed are deleted
/// together.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &BatchDeleteDataTableValueRequest,
) -> Result<BatchDeleteDataTableValueResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let mut edit = Edit::new(cx, &grid);
    let outcome = batch::each(&grid, &input.values, |item, place| {
        check(&grid, item, place)?;
        edit.remove(cx, &place.cell, &place.primary_values);
        Ok(())
    })?;
    let stored = edit.store(cx)?;
    let successful = outcome
        .done
        .into_iter()
        .map(|(item, place, ())| BatchDeleteDataTableValueSuccessResult {
            primary_values: Some(item.primary_values.clone().unwrap_or_default()),
            attribute_name: Some(item.attribute_name.clone()),
            lock_version: Some(view::lock(&stored.locked(&grid, &place.cell))),
        })
        .collect();
    Ok(BatchDeleteDataTableValueResponse {
        successful: Some(successful),
        failed: Some(failures!(BatchDeleteDataTableValueFailureResult, outcome.failed)),
    })
}

fn check(grid: &Grid, item: &DataTableDeleteValueIdentifier, place: &Place<'_>) -> Result<()> {
    let (record, _) = place.value()?;
    locks::check(grid.table.value_lock_level, Some(&item.lock_version), &grid.locked(place.attribute, Some(record)))
}
