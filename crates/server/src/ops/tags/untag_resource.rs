//! UntagResource.

use lanyard_model::Key;
use lanyard_wire::shapes::UntagResourceRequest;

use super::{find, instance_of};
use crate::context::{Call, Write};
use crate::error::Result;
use crate::server::{Reply, Server};

/// Removes tags from a resource by their keys. A key that is not there is not an error.
pub(crate) async fn run(server: &Server, call: &Call, input: UntagResourceRequest) -> Result<Reply> {
    let (instance, key) = instance_of(server, call, &input.resource_arn)?;
    server.write_in(call, &instance, move |cx| untag(cx, &key, &input)).await
}

/// Removes tags from the resource that `key` names.
pub(crate) fn untag(cx: &mut Write<'_>, key: &Key, input: &UntagResourceRequest) -> Result<()> {
    let mut resource = find(cx, key, &input.resource_arn)?;
    if let Some(tags) = resource.tags_mut() {
        tags.retain(|key, _| !input.tag_keys.contains(key));
    }
    cx.put(resource)
}
