//! BatchDescribeDataTableValue.

use lanyard_wire::shapes::{
    BatchDescribeDataTableValueFailureResult, BatchDescribeDataTableValueRequest, BatchDescribeDataTableValueResponse,
    BatchDescribeDataTableValueSuccessResult, DataTableValueIdentifier,
};

use super::batch::{Place, failures};
use super::grid::Grid;
use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::security_profiles::view::timestamp;

/// Values as they are stored: expressions are not evaluated.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &BatchDescribeDataTableValueRequest,
) -> Result<BatchDescribeDataTableValueResponse> {
    let grid = Grid::seen(cx, &input.data_table_id)?;
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for item in &input.values {
        match describe(&grid, item) {
            Ok(found) => successful.push(found),
            Err(error) => failed.push((item, error)),
        }
    }
    Ok(BatchDescribeDataTableValueResponse {
        successful: Some(successful),
        failed: Some(failures!(BatchDescribeDataTableValueFailureResult, failed)),
    })
}

fn describe(grid: &Grid, item: &DataTableValueIdentifier) -> Result<BatchDescribeDataTableValueSuccessResult> {
    let place = Place::of(grid, item)?;
    let (record, value) = place.value()?;
    Ok(BatchDescribeDataTableValueSuccessResult {
        record_id: Some(record.id.to_string()),
        attribute_id: Some(place.attribute.id.to_string()),
        primary_values: Some(view::primary_values(grid, record)),
        attribute_name: Some(place.attribute.name.clone()),
        value: Some(value.value.clone()),
        lock_version: Some(view::lock(&grid.locked(place.attribute, Some(record)))),
        last_modified_time: Some(timestamp(value.last_modified_time)),
        last_modified_region: Some(value.last_modified_region.clone()),
    })
}
