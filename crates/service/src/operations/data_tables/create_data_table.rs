//! CreateDataTable.

use lanyard_model::Kind;
use lanyard_model::resources::DataTable;
use lanyard_wire::shapes::{CreateDataTableRequest, CreateDataTableResponse};

use super::{checks, view};
use crate::context::Write;
use crate::error::Result;
use crate::operations::hours_of_operation::checks::time_zone;
use crate::operations::names;

/// Makes a table without attributes and values.
pub(crate) fn run(cx: &mut Write<'_>, input: &CreateDataTableRequest) -> Result<CreateDataTableResponse> {
    let name = checks::name(&input.name)?;
    let time_zone = time_zone(&input.time_zone)?;
    names::check_free(cx, Kind::DataTable, &name, None)?;
    cx.config.quotas.check(cx, Kind::DataTable)?;
    let table = DataTable {
        id: cx.new_id(),
        name,
        description: checks::description(input.description.as_ref()),
        time_zone,
        value_lock_level: checks::lock_level(&input.value_lock_level),
        default_record_id: cx.new_id(),
        lock_version: checks::next_version(cx),
        tags: input.tags.clone().unwrap_or_default(),
        created_time: cx.now,
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    let shown = view::table(cx, &table);
    cx.put(table)?;
    Ok(CreateDataTableResponse { id: shown.id, arn: shown.arn, lock_version: shown.lock_version })
}
