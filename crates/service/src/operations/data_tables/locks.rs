//! Optimistic locking: a write names the state of the table, the attribute, the record or the value that it is based
//! on.

use lanyard_model::resources::{LockLevel, LockVersion};
use lanyard_wire::shapes::DataTableLockVersion;

use super::attribute_checks::conflict;
use super::view::Locked;
use crate::error::Result;

/// Refuses a write that is not based on the newest state of the part that the table's lock level names. A part that
/// does not exist yet, such as the record of a first value, cannot be locked. The words before the colon are the
/// service's, which clients look for.
pub(super) fn check(level: LockLevel, sent: Option<&DataTableLockVersion>, held: &Locked) -> Result<()> {
    let sent_at = |member: fn(&DataTableLockVersion) -> Option<&String>| sent.and_then(member);
    let (member, what, sent, held) = match level {
        LockLevel::None => return Ok(()),
        LockLevel::DataTable => ("DataTable", "data table", sent_at(|it| it.data_table.as_ref()), held.table),
        LockLevel::Attribute => ("Attribute", "attribute", sent_at(|it| it.attribute.as_ref()), held.attribute),
        LockLevel::PrimaryValue => ("PrimaryValues", "record", sent_at(|it| it.primary_values.as_ref()), held.record),
        LockLevel::Value => ("Value", "value", sent_at(|it| it.value.as_ref()), held.value),
    };
    match (sent, held) {
        (None, None) => Ok(()),
        (Some(sent), Some(LockVersion(held))) if *sent == held.to_string() => Ok(()),
        (None, Some(_)) => Err(conflict(format!(
            "Concurrency conflict: member `LockVersion.{member}` is needed, since the table locks at the level of the {what}"
        ))),
        (Some(_), _) => Err(conflict(format!(
            "Concurrency conflict: the {what} has another version than member `LockVersion.{member}`; read it again"
        ))),
    }
}
