//! Checks of creating and updating tables and attributes, beyond the constraints of the API model, and the translation
//! of a request's members into the resource's.

use lanyard_model::resources::{DataTable, LockLevel, LockVersion};
use lanyard_wire::shapes::DataTableLockLevel;

use crate::context::Write;
use crate::error::{Error, Excerpt, Result};
use crate::operations::modified;

/// The reserved prefixes of names, in any case.
const RESERVED: [&str; 2] = ["aws:", "connect:"];

/// A name as it is kept, without space around it.
pub(super) fn name(text: &str) -> Result<String> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Error::invalid_parameter(
            "member `Name` consists only of space, at least one other character is needed",
        ));
    }
    let lower = name.to_lowercase();
    match RESERVED.iter().find(|prefix| lower.starts_with(*prefix)) {
        Some(prefix) => Err(Error::invalid_parameter(format!(
            "member `Name` has value `{}`, must not begin with `{prefix}`, which is reserved",
            Excerpt(name)
        ))),
        None => Ok(name.to_owned()),
    }
}

/// A description as it is kept, without space around it; an empty one is none.
pub(super) fn description(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

pub(super) fn lock_level(level: &DataTableLockLevel) -> LockLevel {
    match level {
        DataTableLockLevel::DataTable => LockLevel::DataTable,
        DataTableLockLevel::PrimaryValue => LockLevel::PrimaryValue,
        DataTableLockLevel::Attribute => LockLevel::Attribute,
        DataTableLockLevel::Value => LockLevel::Value,
        _ => LockLevel::None,
    }
}

/// Stores a table of which something other than values changed; its new lock version.
pub(super) fn put_changed(cx: &mut Write<'_>, mut table: DataTable) -> Result<LockVersion> {
    table.lock_version = table.lock_version.next();
    let version = table.lock_version;
    modified::put(cx, table)?;
    Ok(version)
}
