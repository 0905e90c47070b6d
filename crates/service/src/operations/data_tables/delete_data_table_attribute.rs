//! DeleteDataTableAttribute.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::{DataTable, DataTableRecord};
use lanyard_wire::shapes::{DeleteDataTableAttributeRequest, DeleteDataTableAttributeResponse};

use super::view::{self, Locked};
use super::{attributes, checks, find};
use crate::context::Write;
use crate::error::Result;

/// Deletes an attribute and its values, and records that had no other; a primary one while no record has primary values.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &DeleteDataTableAttributeRequest,
) -> Result<DeleteDataTableAttributeResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let attribute = find::attribute(cx, &table.id, &input.attribute_name)?;
    if attribute.primary {
        attributes::check_primary_can_change(cx, &table, None)?;
    }
    let version = checks::next_version(cx);
    let records: Vec<Arc<DataTableRecord>> = find::records(cx, &table.id).cloned().collect();
    for record in records.into_iter().filter(|record| record.values.contains_key(&attribute.id)) {
        let mut record = DataTableRecord::clone(&record);
        record.values.remove(&attribute.id);
        if record.values.is_empty() {
            cx.delete(Kind::DataTableRecord, &record.id)?;
        } else {
            record.lock_version = version;
            cx.put(record)?;
        }
    }
    cx.delete(Kind::DataTableAttribute, &attribute.id)?;
    checks::put_changed(cx, DataTable::clone(&table))?;
    let lock = Locked { table: Some(version), ..Locked::default() };
    Ok(DeleteDataTableAttributeResponse { lock_version: Some(view::lock(&lock)) })
}
