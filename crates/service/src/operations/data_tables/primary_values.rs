//! The primary values of a table, which identify its records.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_model::Id;
use lanyard_model::resources::{DataTableRecord, LockLevel, LockVersion};
use lanyard_wire::shapes::{
    ListDataTablePrimaryValuesRequest, ListDataTablePrimaryValuesResponse, PrimaryValue,
    UpdateDataTablePrimaryValuesRequest, UpdateDataTablePrimaryValuesResponse,
};

use super::grid::Grid;
use super::listing::Listing;
use super::view::Locked;
use super::{attribute_checks, edit, find, locks, view};
use crate::context::{Read, Write};
use crate::error::{Error, Result};

/// Gives a record other primary values, under which its values are found from then on.
pub(crate) fn update_data_table_primary_values(
    cx: &mut Write<'_>,
    input: &UpdateDataTablePrimaryValuesRequest,
) -> Result<UpdateDataTablePrimaryValuesResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let before = complete(&grid, "PrimaryValues", &input.primary_values)?;
    let after = complete(&grid, "NewPrimaryValues", &input.new_primary_values)?;
    let missing = || Error::not_found("record of the data table with the primary values", list(&input.primary_values));
    let record = grid.record(&before).ok_or_else(missing)?;
    let locked =
        Locked { table: Some(grid.table.lock_version), record: Some(record.lock_version), ..Locked::default() };
    // Several attributes and values are affected, so the record's version is compared where the level is narrower than
    // a table.
    let level = match grid.table.value_lock_level {
        LockLevel::Attribute | LockLevel::Value => LockLevel::PrimaryValue,
        level => level,
    };
    locks::check(level, Some(&input.lock_version), &locked)?;
    grid.check_primary_values(&after)?;
    if grid.record(&after).is_some_and(|holder| holder.id != record.id) {
        return Err(attribute_checks::conflict(format!(
            "the data table `{}` has a record with the primary values {} already",
            grid.table.id,
            list(&input.new_primary_values)
        )));
    }
    let version = record.lock_version.next();
    let changed: BTreeSet<Id> =
        after.iter().filter(|(id, value)| before.get(*id) != Some(*value)).map(|(id, _)| id.clone()).collect();
    cx.put(DataTableRecord {
        primary_values: after,
        lock_version: version,
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
        ..DataTableRecord::clone(record)
    })?;
    let table = edit::move_table(cx, &grid.table, LockVersion::default())?;
    edit::move_attributes(cx, &grid, &changed)?;
    let lock = Locked { table: Some(table), record: Some(version), ..Locked::default() };
    Ok(UpdateDataTablePrimaryValuesResponse { lock_version: Some(view::lock(&lock)) })
}

/// A value for each primary attribute: the default record, which has none, cannot be meant.
fn complete(grid: &Grid, member: &str, values: &[PrimaryValue]) -> Result<BTreeMap<Id, String>> {
    let by_attribute = grid.primary_values(values)?;
    if by_attribute.is_empty() {
        return Err(Error::invalid_parameter(format!(
            "member `{member}` is empty, must have a value for each primary attribute"
        )));
    }
    Ok(by_attribute)
}

fn list(values: &[PrimaryValue]) -> String {
    let each: Vec<String> = values.iter().map(|it| format!("{}={}", it.attribute_name, it.value)).collect();
    each.join(", ")
}

/// The primary values of a table's records, or of those that the request chooses, in the order of their identifiers.
/// The default record, which has no primary values, is not among them.
pub(crate) fn list_data_table_primary_values(
    cx: &Read<'_>,
    input: &ListDataTablePrimaryValuesRequest,
) -> Result<ListDataTablePrimaryValuesResponse> {
    let grid = Grid::visible(cx, &input.data_table_id)?;
    let filters = grid.filters(input.primary_attribute_values.as_ref())?;
    let query = format!("{} {filters:?}", grid.table.id);
    let listing = Listing::new(cx, input, &query, input.record_ids.as_ref())?;
    let records = find::visible_records(cx, &grid.table.id)
        .filter(|record| !record.primary_values.is_empty() && grid.passes(record, &filters))
        .map(|record| (record.id.to_string(), record))
        .filter(|(id, _)| listing.has(id));
    let (page, next_token) = listing.cut(records);
    let records = page.into_iter().map(|it| view::record(&grid, it)).collect();
    Ok(ListDataTablePrimaryValuesResponse { primary_values_list: Some(records), next_token })
}
