//! BatchUpdateDataTableValue.

use lanyard_wire::shapes::{
    BatchUpdateDataTableValueFailureResult, BatchUpdateDataTableValueRequest, BatchUpdateDataTableValueResponse,
    BatchUpdateDataTableValueSuccessResult, DataTableValue,
};

use super::batch::{self, Place, failures};
use super::edit::Edit;
use super::grid::{self, Grid};
use super::{locks, view};
use crate::context::Write;
use crate::error::Result;

/// Replaces values that there are. Each item succeeds or fails by itself; those that succeed are stored together.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &BatchUpdateDataTableValueRequest,
) -> Result<BatchUpdateDataTableValueResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let mut edit = Edit::new(cx, &grid);
    let outcome = batch::each(&grid, &input.values, |item, place| {
        check(&grid, item, place)?;
        edit.set(cx, &place.cell, &place.primary_values, &item.value);
        Ok(())
    })?;
    let stored = edit.store(cx)?;
    let successful = outcome
        .done
        .into_iter()
        .map(|(item, place, ())| BatchUpdateDataTableValueSuccessResult {
            primary_values: Some(item.primary_values.clone().unwrap_or_default()),
            attribute_name: Some(item.attribute_name.clone()),
            lock_version: Some(view::lock(&stored.locked(&grid, &place.cell))),
        })
        .collect();
    Ok(BatchUpdateDataTableValueResponse {
        successful: Some(successful),
        failed: Some(failures!(BatchUpdateDataTableValueFailureResult, outcome.failed)),
    })
}

fn check(grid: &Grid, item: &DataTableValue, place: &Place<'_>) -> Result<()> {
    let (record, _) = place.value()?;
    locks::check(grid.table.value_lock_level, item.lock_version.as_ref(), &grid.locked(place.attribute, Some(record)))?;
    match place.attribute.fault(&item.value) {
        Some(fault) => Err(grid::unfit(&place.attribute.name, &fault)),
        None => Ok(()),
    }
}
