//! References to other resources.

use lanyard_model::{Id, Kind};

use crate::context::InstanceState;
use crate::error::{Error, Result};
use crate::operations::ids;

/// The identifier of a resource that a member names and that exists.
pub(crate) fn existing(cx: &impl InstanceState, kind: Kind, text: &str) -> Result<Id> {
    let id = ids::id(cx, kind, text);
    let seen = cx.get(kind, &id).filter(|_| cx.can_view(kind, &id));
    seen.map(|_| id).ok_or_else(|| Error::not_found(kind.noun(), text))
}
