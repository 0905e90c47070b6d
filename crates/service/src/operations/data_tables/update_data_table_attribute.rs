//! UpdateDataTableAttribute.

use std::collections::BTreeSet;

use lanyard_model::resources::{DataTable, DataTableAttribute};
use lanyard_wire::shapes::{UpdateDataTableAttributeRequest, UpdateDataTableAttributeResponse};

use super::grid::Grid;
use super::view::{self, Locked};
use super::{attributes, checks, find};
use crate::context::Write;
use crate::error::Result;

/// Replaces all of an attribute: what is not sent is cleared, or false. Its values stay as they are, whether or not they
/// meet what is asked of values now.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &UpdateDataTableAttributeRequest,
) -> Result<UpdateDataTableAttributeResponse> {
    let grid = Grid::of(cx, &input.data_table_id)?;
    let table = &grid.table;
    let before = find::attribute(cx, &table.id, &input.attribute_name)?;
    let name = checks::name(&input.name)?;
    let value_type = attributes::value_type(&input.value_type);
    let validation = attributes::validation(input.validation.as_ref(), value_type)?;
    if let Some(taken) = attributes::name_taken(cx, &table.id, &name, Some(&before.id)) {
        return Err(attributes::conflict(taken));
    }
    let primary = input.primary.unwrap_or_default();
    if primary != before.primary {
        if primary {
            attributes::check_primary_count(cx, &table.id)?;
        }
        attributes::check_primary_can_change(cx, table, Some(&before))?;
    }
    let version = checks::next_version(cx);
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
    checks::put_changed(cx, DataTable::clone(table))?;
    let lock = Locked { table: Some(version), attribute: Some(version), ..Locked::default() };
    Ok(UpdateDataTableAttributeResponse { name: Some(name), lock_version: Some(view::lock(&lock)) })
}

/// Refuses a primary attribute under whose new type or comparison two records could not be told apart.
fn check_still_unique(cx: &Write<'_>, grid: &Grid, after: &DataTableAttribute) -> Result<()> {
    let changed = grid.with_attribute(after);
    let mut seen = BTreeSet::new();
    for record in find::records(cx, &grid.table.id) {
        if !seen.insert(changed.key(&record.primary_values)) {
            return Err(attributes::conflict(format!(
                "two records of the data table `{}` would have the same primary values",
                grid.table.id
            )));
        }
    }
    Ok(())
}
