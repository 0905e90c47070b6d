//! CreateDataTableAttribute.

use lanyard_model::Kind;
use lanyard_model::resources::{DataTable, DataTableAttribute};
use lanyard_wire::shapes::{CreateDataTableAttributeRequest, CreateDataTableAttributeResponse};

use super::view::{self, Locked};
use super::{attributes, checks, find};
use crate::context::Write;
use crate::error::{Error, Result};

/// Adds an attribute, which has no values; a primary one while no record has primary values.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &CreateDataTableAttributeRequest,
) -> Result<CreateDataTableAttributeResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let name = checks::name(&input.name)?;
    let value_type = attributes::value_type(&input.value_type);
    let validation = attributes::validation(input.validation.as_ref(), value_type)?;
    if let Some(taken) = attributes::name_taken(cx, &table.id, &name, None) {
        return Err(Error::duplicate(taken));
    }
    let held = find::attributes(cx, &table.id).count();
    cx.config.quotas.check_within(Kind::DataTableAttribute, held + 1, "attributes", &table.id)?;
    let primary = input.primary.unwrap_or_default();
    if primary {
        attributes::check_primary_count(cx, &table.id)?;
        attributes::check_primary_can_change(cx, &table, None)?;
    }
    let id = cx.new_id();
    let version = checks::next_version(cx);
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
    checks::put_changed(cx, DataTable::clone(&table))?;
    let lock = Locked { table: Some(version), attribute: Some(version), ..Locked::default() };
    Ok(CreateDataTableAttributeResponse {
        name: Some(name),
        attribute_id: Some(id.to_string()),
        lock_version: Some(view::lock(&lock)),
    })
}
