//! Tables, without their attributes and values.

use lanyard_model::resources::{DataTable, LockVersion};
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{
    CreateDataTableRequest, CreateDataTableResponse, DeleteDataTableRequest, DeleteDataTableResponse,
    DescribeDataTableRequest, DescribeDataTableResponse, ListDataTablesRequest, ListDataTablesResponse,
    SearchDataTablesRequest, SearchDataTablesResponse, UpdateDataTableMetadataRequest, UpdateDataTableMetadataResponse,
};

use super::view::Locked;
use super::{checks, find, view};
use crate::context::{Read, Write};
use crate::error::Result;
use crate::operations::hours_of_operation::checks::time_zone;
use crate::operations::{names, pages, search};

/// Makes a table without attributes and values.
pub(crate) fn create_data_table(cx: &mut Write<'_>, input: &CreateDataTableRequest) -> Result<CreateDataTableResponse> {
    let name = checks::name(&input.name)?;
    let time_zone = time_zone(&input.time_zone)?;
    names::check_free(cx, Kind::DataTable, &name, None)?;
    cx.check_quota(Kind::DataTable)?;
    let table = DataTable {
        id: cx.new_id(),
        name,
        description: checks::description(input.description.as_ref()),
        time_zone,
        value_lock_level: checks::lock_level(&input.value_lock_level),
        default_record_id: cx.new_id(),
        lock_version: LockVersion::default().next(),
        retired_version: LockVersion::default(),
        tags: input.tags.clone().unwrap_or_default(),
        created_time: cx.now,
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    let shown = view::table(cx, &table);
    cx.put(table)?;
    Ok(CreateDataTableResponse { id: shown.id, arn: shown.arn, lock_version: shown.lock_version })
}

/// Replaces all of a table that is not an attribute, a value or a tag: a description that is not sent is cleared.
pub(crate) fn update_data_table_metadata(
    cx: &mut Write<'_>,
    input: &UpdateDataTableMetadataRequest,
) -> Result<UpdateDataTableMetadataResponse> {
    let mut table = DataTable::clone(&*find::latest(cx, &input.data_table_id)?);
    table.name = checks::name(&input.name)?;
    names::check_free(cx, Kind::DataTable, &table.name, Some(&table.id))?;
    table.description = checks::description(input.description.as_ref());
    table.time_zone = time_zone(&input.time_zone)?;
    table.value_lock_level = checks::lock_level(&input.value_lock_level);
    let lock = Locked { table: Some(checks::put_changed(cx, table)?), ..Locked::default() };
    Ok(UpdateDataTableMetadataResponse { lock_version: Some(view::lock(&lock)) })
}

/// Deletes a table with its values and attributes. References to it elsewhere, such as expressions of other tables,
/// stay.
pub(crate) fn delete_data_table(cx: &mut Write<'_>, input: &DeleteDataTableRequest) -> Result<DeleteDataTableResponse> {
    let id = find::latest(cx, &input.data_table_id)?.id.clone();
    let records: Vec<Id> = find::records(cx, &id).map(|it| it.id.clone()).collect();
    let attributes: Vec<Id> = find::attributes(cx, &id).map(|it| it.id.clone()).collect();
    for record in &records {
        cx.delete(Kind::DataTableRecord, record)?;
    }
    for attribute in &attributes {
        cx.delete(Kind::DataTableAttribute, attribute)?;
    }
    cx.delete(Kind::DataTable, &id)?;
    Ok(DeleteDataTableResponse {})
}

/// A table without its attributes and values.
pub(crate) fn describe_data_table(
    cx: &Read<'_>,
    input: &DescribeDataTableRequest,
) -> Result<DescribeDataTableResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    Ok(DescribeDataTableResponse { data_table: Some(view::table(cx, &table)) })
}

/// The tables of the instance, in the order of their identifiers.
pub(crate) fn list_data_tables(cx: &Read<'_>, input: &ListDataTablesRequest) -> Result<ListDataTablesResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.data_tables, |it| view::summary(cx, it))?;
    Ok(ListDataTablesResponse { data_table_summary_list: Some(rows), next_token })
}

/// The tables that meet the criteria and whose tags pass the filter.
pub(crate) fn search_data_tables(cx: &Read<'_>, input: &SearchDataTablesRequest) -> Result<SearchDataTablesResponse> {
    let page = search::by_fields(cx, input, search::COMMON_FIELDS, &cx.data_tables, |condition, table| {
        search::common_field_holds(condition, &table.name, table.description.as_deref(), &table.id)
    })?;
    Ok(SearchDataTablesResponse {
        data_tables: page.rows(|it| view::search_row(cx, it)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}
