//! UntagResource.

use lanyard_wire::shapes::UntagResourceRequest;

use super::{find, instance_of};
use crate::context::Call;
use crate::error::Result;
use crate::server::{Reply, Server};

/// Removes tags from a resource by their keys. A key that is not there is not an error.
pub(crate) async fn run(server: &Server, call: &Call, input: &UntagResourceRequest) -> Result<Reply> {
    let arn = &input.resource_arn;
    let (instance, key) = instance_of(server, call, arn)?;
    server
        .write_in(call, &instance, |cx| {
            let mut resource = find(cx, &key, arn)?;
            if let Some(tags) = resource.tags_mut() {
                tags.retain(|key, _| !input.tag_keys.contains(key));
            }
            cx.put(resource)
        })
        .await
}
