//! UntagResource.

use lanyard_model::{Id, Key};
use lanyard_store::Secret;
use lanyard_wire::shapes::UntagResourceRequest;

use super::{find, instance_of, part};
use crate::context::{Call, Write};
use crate::error::Result;
use crate::service::{Reply, Service, Unparsed};

/// Removes tags from a resource by their keys. A key that is not there is not an error.
pub(crate) async fn run(service: &Service, call: &Call, input: UntagResourceRequest) -> Result<Reply> {
    let (instance, key) = instance_of(service, call, &input.resource_arn)?;
    service.write_in(call, &instance, move |cx| untag(cx, &key, &input)).await
}

/// Removes tags from the resource that `key` names.
fn untag(cx: &mut Write<'_>, key: &Key, input: &UntagResourceRequest) -> Result<()> {
    let mut resource = find(cx, key, &input.resource_arn)?;
    if let Some(tags) = resource.tags_mut() {
        tags.retain(|key, _| !input.tag_keys.contains(key));
    }
    cx.put(resource)
}

/// The same as part of a change-set.
pub(crate) fn in_change_set(
    cx: &mut Write<'_>,
    instance: &Id,
    request: &Unparsed<'_>,
    _: Option<&Secret>,
) -> Result<Vec<u8>> {
    part(cx, instance, request, |input: &UntagResourceRequest| &input.resource_arn, untag)
}
