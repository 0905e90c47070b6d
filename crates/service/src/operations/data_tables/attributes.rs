//! The attributes of a table.

use std::collections::BTreeSet;
use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::{DataTable, DataTableAttribute, DataTableRecord};
use lanyard_wire::shapes::{
    CreateDataTableAttributeRequest, CreateDataTableAttributeResponse, DeleteDataTableAttributeRequest,
    DeleteDataTableAttributeResponse, DescribeDataTableAttributeRequest, DescribeDataTableAttributeResponse,
    ListDataTableAttributesRequest, ListDataTableAttributesResponse, UpdateDataTableAttributeRequest,
    UpdateDataTableAttributeResponse,
};

use super::grid::Grid;
use super::listing::Listing;
use super::view::Locked;
use super::{attribute_checks, checks, find, view};
use crate::context::{Read, Write};
use crate::error::{Error, Result};

/// Adds an attribute, which has no values; a primary one while no record has primary values.
pub(crate) fn create_data_table_attribute(
    cx: &mut Write<'_>,
    input: &CreateDataTableAttributeRequest,
) -> Result<CreateDataTableAttributeResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let name = checks::name(&input.name)?;
    let value_type = attribute_checks::value_type(&input.value_type);
    let validation = attribute_checks::validation(input.validation.as_ref(), value_type)?;
    if let Some(taken) = attribute_checks::name_taken(cx, &table.id, &name, None) {
        return Err(Error::duplicate(taken));
    }
    let held = find::attributes(cx, &table.id).count();
    cx.check_quota_within(Kind::DataTableAttribute, held + 1, "attributes", &table.id)?;
    let primary = input.primary.unwrap_or_default();
    if primary {
        attribute_checks::check_primary_count(cx, &table.id)?;
        attribute_checks::check_primary_can_change(cx, &table, None)?;
    }
    let id = cx.new_id();
    let version = table.first_version();
    cx.put(DataTableAttribute {
        id: id.clone(),
        data_table_id: table.id.clone(),
        name: name.clone(),
        description: checks::description(input.description.as_ref()),
        value_type,
        primary,
        validation,
        lock_version: version,
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    })?;
    let table = checks::put_changed(cx, DataTable::clone(&table))?;
    let lock = Locked { table: Some(table), attribute: Some(version), ..Locked::default() };
    Ok(CreateDataTableAttributeResponse {
        name: Some(name),
        attribute_id: Some(id.to_string()),
        lock_version: Some(view::lock(&lock)),
    })
}

/// Replaces all of an attribute: what is not sent is cleared, or false. Its values stay as they are, whether or not
/// they meet the new rules.
pub(crate) fn update_data_table_attribute(
    cx: &mut Write<'_>,
    input: &UpdateDataTableAttributeRequest,
) -> Result<UpdateDataTableAttributeResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let table = &grid.table;
    let before = find::attribute(cx, &table.id, &input.attribute_name)?;
    let name = checks::name(&input.name)?;
    let value_type = attribute_checks::value_type(&input.value_type);
    let validation = attribute_checks::validation(input.validation.as_ref(), value_type)?;
    if let Some(taken) = attribute_checks::name_taken(cx, &table.id, &name, Some(&before.id)) {
        return Err(attribute_checks::conflict(taken));
    }
    let primary = input.primary.unwrap_or_default();
    if primary != before.primary {
        if primary {
            attribute_checks::check_primary_count(cx, &table.id)?;
        }
        attribute_checks::check_primary_can_change(cx, table, Some(&before))?;
    }
    let version = before.lock_version.next();
    let after = DataTableAttribute {
        id: before.id.clone(),
        data_table_id: table.id.clone(),
        name: name.clone(),
        description: checks::description(input.description.as_ref()),
        value_type,
        primary,
        validation,
        lock_version: version,
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    if primary {
        check_still_unique(cx, &grid, &after)?;
    }
    cx.put(after)?;
    let table = checks::put_changed(cx, DataTable::clone(table))?;
    let lock = Locked { table: Some(table), attribute: Some(version), ..Locked::default() };
    Ok(UpdateDataTableAttributeResponse { name: Some(name), lock_version: Some(view::lock(&lock)) })
}

/// Refuses a primary attribute under whose new type or comparison two records would be equal.
fn check_still_unique(cx: &Write<'_>, grid: &Grid, after: &DataTableAttribute) -> Result<()> {
    let changed = grid.with_attribute(after);
    let mut keys = BTreeSet::new();
    for record in find::records(cx, &grid.table.id) {
        if !keys.insert(changed.key(&record.primary_values)) {
            return Err(attribute_checks::conflict(format!(
                "two records of the data table `{}` would have the same primary values",
                grid.table.id
            )));
        }
    }
    Ok(())
}

/// Deletes an attribute and its values, and records that had no other; a primary one while no record has primary values.
pub(crate) fn delete_data_table_attribute(
    cx: &mut Write<'_>,
    input: &DeleteDataTableAttributeRequest,
) -> Result<DeleteDataTableAttributeResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let attribute = find::attribute(cx, &table.id, &input.attribute_name)?;
    if attribute.primary {
        attribute_checks::check_primary_can_change(cx, &table, None)?;
    }
    let mut changed = DataTable::clone(&table);
    changed.retire(attribute.lock_version);
    let records: Vec<Arc<DataTableRecord>> = find::records(cx, &table.id).cloned().collect();
    for record in records.into_iter().filter(|record| record.values.contains_key(&attribute.id)) {
        let mut record = DataTableRecord::clone(&record);
        if let Some(value) = record.values.remove(&attribute.id) {
            changed.retire(value.lock_version);
        }
        if record.values.is_empty() {
            changed.retire(record.lock_version);
            cx.delete(Kind::DataTableRecord, &record.id)?;
        } else {
            record.lock_version = record.lock_version.next();
            cx.put(record)?;
        }
    }
    cx.delete(Kind::DataTableAttribute, &attribute.id)?;
    let lock = Locked { table: Some(checks::put_changed(cx, changed)?), ..Locked::default() };
    Ok(DeleteDataTableAttributeResponse { lock_version: Some(view::lock(&lock)) })
}

/// An attribute, without its values.
pub(crate) fn describe_data_table_attribute(
    cx: &Read<'_>,
    input: &DescribeDataTableAttributeRequest,
) -> Result<DescribeDataTableAttributeResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let attribute = find::attribute(cx, &table.id, &input.attribute_name)?;
    Ok(DescribeDataTableAttributeResponse { attribute: Some(view::attribute(cx, &table, &attribute)) })
}

/// The attributes of a table, or those of them that the request chooses, in the order of their identifiers.
pub(crate) fn list_data_table_attributes(
    cx: &Read<'_>,
    input: &ListDataTableAttributesRequest,
) -> Result<ListDataTableAttributesResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let query = table.id.to_string();
    let listing = Listing::new(cx, input, &query, input.attribute_ids.as_ref())?;
    let every = find::attributes(cx, &table.id).map(|it| (it.id.to_string(), it));
    let (page, next_token) = listing.cut(every.filter(|(id, _)| listing.has(id)));
    let attributes = page.into_iter().map(|it| view::attribute(cx, &table, it)).collect();
    Ok(ListDataTableAttributesResponse { attributes: Some(attributes), next_token })
}
