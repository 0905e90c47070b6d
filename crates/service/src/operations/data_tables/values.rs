//! The values of a table, as they are stored.

use lanyard_model::Kind;
use lanyard_wire::shapes::{
    BatchCreateDataTableValueFailureResult, BatchCreateDataTableValueRequest, BatchCreateDataTableValueResponse,
    BatchCreateDataTableValueSuccessResult, BatchDeleteDataTableValueFailureResult, BatchDeleteDataTableValueRequest,
    BatchDeleteDataTableValueResponse, BatchDeleteDataTableValueSuccessResult,
    BatchDescribeDataTableValueFailureResult, BatchDescribeDataTableValueRequest, BatchDescribeDataTableValueResponse,
    BatchDescribeDataTableValueSuccessResult, BatchUpdateDataTableValueFailureResult, BatchUpdateDataTableValueRequest,
    BatchUpdateDataTableValueResponse, BatchUpdateDataTableValueSuccessResult, DataTableDeleteValueIdentifier,
    DataTableValue, DataTableValueIdentifier, ListDataTableValuesRequest, ListDataTableValuesResponse,
};

use super::batch::{NamedValue, failures, successes};
use super::edit::Edit;
use super::grid::Grid;
use super::listing::Listing;
use super::{batch, find, grid, locks, view};
use crate::context::{Read, Write};
use crate::error::{Error, Result};
use crate::operations::members::timestamp;

/// Creates values where there are none, and records with their first values. Each item succeeds or fails by itself; those
/// that succeed are stored together, or, where they are more than the table may hold, refused together.
pub(crate) fn batch_create_data_table_value(
    cx: &mut Write<'_>,
    input: &BatchCreateDataTableValueRequest,
) -> Result<BatchCreateDataTableValueResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let mut edit = Edit::new(&grid);
    let outcome = batch::each(&grid, &input.values, |item, place| {
        check_creation(&grid, item, place)?;
        Ok(edit.set(cx, &place.cell, &place.primary_values, &item.value))
    })?;
    let count = grid.count() + outcome.done.len();
    if !outcome.done.is_empty() {
        cx.check_quota_within(Kind::DataTableRecord, count, "values", &grid.table.id)?;
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

fn check_creation(grid: &Grid, item: &DataTableValue, place: &NamedValue<'_>) -> Result<()> {
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

/// Replaces values that there are. Each item succeeds or fails by itself; those that succeed are stored together.
pub(crate) fn batch_update_data_table_value(
    cx: &mut Write<'_>,
    input: &BatchUpdateDataTableValueRequest,
) -> Result<BatchUpdateDataTableValueResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let mut edit = Edit::new(&grid);
    let outcome = batch::each(&grid, &input.values, |item, place| {
        check_update(&grid, item, place)?;
        edit.set(cx, &place.cell, &place.primary_values, &item.value);
        Ok(())
    })?;
    let stored = edit.store(cx)?;
    Ok(BatchUpdateDataTableValueResponse {
        successful: Some(successes!(BatchUpdateDataTableValueSuccessResult, outcome.done, stored, grid)),
        failed: Some(failures!(BatchUpdateDataTableValueFailureResult, outcome.failed)),
    })
}

fn check_update(grid: &Grid, item: &DataTableValue, place: &NamedValue<'_>) -> Result<()> {
    let (record, _) = place.value()?;
    locks::check(grid.table.value_lock_level, item.lock_version.as_ref(), &grid.locked(place.attribute, Some(record)))?;
    match place.attribute.fault(&item.value) {
        Some(fault) => Err(grid::unfit(&place.attribute.name, &fault)),
        None => Ok(()),
    }
}

/// Deletes values, and records with their last ones. Each item succeeds or fails by itself; those that succeed are deleted
/// together.
pub(crate) fn batch_delete_data_table_value(
    cx: &mut Write<'_>,
    input: &BatchDeleteDataTableValueRequest,
) -> Result<BatchDeleteDataTableValueResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let mut edit = Edit::new(&grid);
    let outcome = batch::each(&grid, &input.values, |item, place| {
        check_deletion(&grid, item, place)?;
        edit.remove(cx, &place.cell, &place.primary_values);
        Ok(())
    })?;
    let stored = edit.store(cx)?;
    Ok(BatchDeleteDataTableValueResponse {
        successful: Some(successes!(BatchDeleteDataTableValueSuccessResult, outcome.done, stored, grid)),
        failed: Some(failures!(BatchDeleteDataTableValueFailureResult, outcome.failed)),
    })
}

fn check_deletion(grid: &Grid, item: &DataTableDeleteValueIdentifier, place: &NamedValue<'_>) -> Result<()> {
    let (record, _) = place.value()?;
    locks::check(grid.table.value_lock_level, Some(&item.lock_version), &grid.locked(place.attribute, Some(record)))
}

/// Values as they are stored: expressions are not evaluated.
pub(crate) fn batch_describe_data_table_value(
    cx: &Read<'_>,
    input: &BatchDescribeDataTableValueRequest,
) -> Result<BatchDescribeDataTableValueResponse> {
    let grid = Grid::visible(cx, &input.data_table_id)?;
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for item in &input.values {
        match describe(&grid, item) {
            Ok(value) => successful.push(value),
            Err(error) => failed.push((item, error)),
        }
    }
    Ok(BatchDescribeDataTableValueResponse {
        successful: Some(successful),
        failed: Some(failures!(BatchDescribeDataTableValueFailureResult, failed)),
    })
}

fn describe(grid: &Grid, item: &DataTableValueIdentifier) -> Result<BatchDescribeDataTableValueSuccessResult> {
    let place = NamedValue::of(grid, item)?;
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

/// The values of a table, or of those of its records that the request chooses, as they are stored; in the order of the
/// identifiers of records and attributes.
pub(crate) fn list_data_table_values(
    cx: &Read<'_>,
    input: &ListDataTableValuesRequest,
) -> Result<ListDataTableValuesResponse> {
    let grid = Grid::visible(cx, &input.data_table_id)?;
    let filters = grid.filters(input.primary_attribute_values.as_ref())?;
    let query = format!("{} {filters:?}", grid.table.id);
    let listing = Listing::new(cx, input, &query, input.record_ids.as_ref())?;
    let records = find::visible_records(cx, &grid.table.id)
        .filter(|record| listing.has(&record.id.to_string()) && grid.passes(record, &filters));
    let values = records.flat_map(|record| {
        let of_record = record.values.iter();
        let grid = &grid;
        of_record.filter_map(move |(id, value)| {
            let attribute = grid.attribute(id)?;
            Some((format!("{}/{id}", record.id), (record, attribute, value)))
        })
    });
    let (page, next_token) = listing.cut(values);
    let values =
        page.into_iter().map(|(record, attribute, value)| view::value(&grid, record, attribute, value)).collect();
    Ok(ListDataTableValuesResponse { values: Some(values), next_token })
}
