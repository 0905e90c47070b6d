//! References between resources: that what a request names exists, and that what it deletes is not needed.

use lanyard_model::{Id, Kind};
use lanyard_wire::ErrorKind;

use crate::context::InstanceState;
use crate::error::{Error, Result};
use crate::ops::ids;

/// The identifier of a resource that a member names and that exists.
pub(crate) fn existing(cx: &impl InstanceState, kind: Kind, text: &str) -> Result<Id> {
    let id = ids::id(cx, kind, text);
    cx.get(kind, &id).map(|_| id).ok_or_else(|| Error::not_found(kind.noun(), text))
}

/// Fails when another resource refers to this one, which therefore cannot be deleted.
pub(crate) fn check_unused(cx: &impl InstanceState, kind: Kind, id: &Id) -> Result<()> {
    let Some(by) = cx.referrers(kind, id).find(|by| (by.kind, &by.id) != (kind, id)) else { return Ok(()) };
    let message = format!("the {} `{id}` is in use by the {} `{}`", kind.noun(), by.kind.noun(), by.id);
    Err(Error::new(ErrorKind::ResourceInUseException, message).with_member("ResourceId", cx.arn(by)))
}
