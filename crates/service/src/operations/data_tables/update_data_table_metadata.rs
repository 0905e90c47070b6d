//! UpdateDataTableMetadata.

use lanyard_model::Kind;
use lanyard_model::resources::DataTable;
use lanyard_wire::shapes::{UpdateDataTableMetadataRequest, UpdateDataTableMetadataResponse};

use super::view::{self, Locked};
use super::{checks, find};
use crate::context::Write;
use crate::error::Result;
use crate::operations::hours_of_operation::checks::time_zone;
use crate::operations::names;

/// Replaces all of a table that is not an attribute, a value or a tag: a description that is not sent is cleared.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &UpdateDataTableMetadataRequest,
) -> Result<UpdateDataTableMetadataResponse> {
    let mut table = DataTable::clone(&*find::latest(cx, &input.data_table_id)?);
    table.name = checks::name(&input.name)?;
    names::check_free(cx, Kind::DataTable, &table.name, Some(&table.id))?;
    table.description = checks::description(input.description.as_ref());
    table.time_zone = time_zone(&input.time_zone)?;
    table.value_lock_level = checks::lock_level(&input.value_lock_level);
    checks::put_changed(cx, table)?;
    let lock = Locked { table: Some(checks::next_version(cx)), ..Locked::default() };
    Ok(UpdateDataTableMetadataResponse { lock_version: Some(view::lock(&lock)) })
}
