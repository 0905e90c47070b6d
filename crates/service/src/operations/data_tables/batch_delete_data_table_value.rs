//! BatchDeleteDataTableValue.

use lanyard_wire::shapes::{
    BatchDeleteDataTableValueFailureResult, BatchDeleteDataTableValueRequest, BatchDeleteDataTableValueResponse,
    BatchDeleteDataTableValueSuccessResult, DataTableDeleteValueIdentifier,
};

use super::batch::{self, Place};
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
    let place =
        |item: &DataTableDeleteValueIdentifier| Place::new(&grid, item.primary_values.as_ref(), &item.attribute_name);
    let places: Vec<Result<Place<'_>>> = input.values.iter().map(place).collect();
    batch::check_distinct(&places)?;
    let mut edit = Edit::new(cx, &grid);
    let (mut deleted, mut failed) = (Vec::new(), Vec::new());
    for (item, place) in input.values.iter().zip(places) {
        match place.and_then(|place| check(&grid, item, &place).map(|()| place)) {
            Ok(place) => {
                edit.remove(cx, &place.cell, &place.primary_values);
                deleted.push((item, place));
            }
            Err(error) => failed.push(BatchDeleteDataTableValueFailureResult {
                primary_values: Some(item.primary_values.clone().unwrap_or_default()),
                attribute_name: Some(item.attribute_name.clone()),
                message: Some(error.message().to_owned()),
            }),
        }
    }
    let done = edit.store(cx)?;
    let successful = deleted
        .into_iter()
        .map(|(item, place)| BatchDeleteDataTableValueSuccessResult {
            primary_values: Some(item.primary_values.clone().unwrap_or_default()),
            attribute_name: Some(item.attribute_name.clone()),
            lock_version: Some(view::lock(&done.locked(&grid, &place.cell))),
        })
        .collect();
    Ok(BatchDeleteDataTableValueResponse { successful: Some(successful), failed: Some(failed) })
}

fn check(grid: &Grid, item: &DataTableDeleteValueIdentifier, place: &Place<'_>) -> Result<()> {
    let (record, _) = place.value()?;
    locks::check(grid.table.value_lock_level, Some(&item.lock_version), &grid.locked(place.attribute, Some(record)))
}
