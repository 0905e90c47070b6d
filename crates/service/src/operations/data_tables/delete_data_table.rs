//! DeleteDataTable.

use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{DeleteDataTableRequest, DeleteDataTableResponse};

use super::find;
use crate::context::Write;
use crate::error::Result;

/// Deletes a table with its values and attributes. What names it elsewhere, expressions of other tables too, goes on naming
/// it.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteDataTableRequest) -> Result<DeleteDataTableResponse> {
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
