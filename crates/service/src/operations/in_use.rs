//! Refusals to delete a resource that another one refers to.

use lanyard_model::{Id, Key, Kind};
use lanyard_wire::ErrorKind;
use lanyard_wire::shapes::ResourceType;

use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};

/// Fails when another resource refers to this one, which then cannot be deleted.
pub(crate) fn check(cx: &Write<'_>, kind: Kind, id: &Id) -> Result<()> {
    let others = |by: &&Key| by.kind != kind || by.id != *id;
    match cx.referrers(kind, id).find(others) {
        Some(by) => {
            let visible = cx.referrers(kind, id).filter(others).find(|by| cx.can_view(by.kind, &by.id));
            Err(error(cx, &format!("the {} `{id}`", kind.noun()), visible.unwrap_or(by)))
        }
        None => Ok(()),
    }
}

/// The error that `what` is in use by a resource: in the message, and as `ResourceType` and `ResourceId` where the
/// error has these members. A kind that the API's `ResourceType` does not list leaves it out.
pub(crate) fn error(cx: &Write<'_>, what: &str, by: &Key) -> Error {
    if !cx.can_view(by.kind, &by.id) {
        return Error::in_use_by_something(what);
    }
    let message = format!("{what} is in use by the {} `{}`", by.kind.noun(), by.id);
    // An AI agent is a resource of another service, and is named by its own ARN.
    let arn = if by.kind == Kind::AiAgent { by.id.to_string() } else { cx.arn(by) };
    let error = Error::new(ErrorKind::ResourceInUseException, message).with_member("ResourceId", arn);
    match by.kind {
        Kind::HierarchyGroup => error.with_member("ResourceType", ResourceType::HierarchyGroup.as_str()),
        Kind::User => error.with_member("ResourceType", ResourceType::User.as_str()),
        _ => error,
    }
}
