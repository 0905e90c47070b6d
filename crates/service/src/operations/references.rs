//! References to other resources.

use std::sync::Arc;

use lanyard_model::{Id, Kind, Tabled};

use crate::context::InstanceState;
use crate::error::{Error, Result};
use crate::operations::ids;

/// The identifier of a resource that a member names to tie it to another, and that exists.
pub(crate) fn existing(cx: &impl InstanceState, kind: Kind, text: &str) -> Result<Id> {
    let id = ids::id(cx, kind, text);
    let resource = cx.get(kind, &id).filter(|_| cx.can_assign(kind, &id));
    resource.map(|_| id).ok_or_else(|| Error::not_found(kind.noun(), text))
}

/// The resource that a member names, by its identifier or by its ARN in this instance.
pub(crate) fn find<T: Tabled>(cx: &impl InstanceState, text: &str) -> Result<Arc<T>> {
    let resource = T::table(cx).get(&ids::id(cx, T::KIND, text)).filter(|it| cx.can_view(T::KIND, &it.id()));
    resource.cloned().ok_or_else(|| Error::not_found(T::NOUN, text))
}
