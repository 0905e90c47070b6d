//! TagResource.

use lanyard_model::{Id, Key};
use lanyard_store::Secret;
use lanyard_wire::shapes::TagResourceRequest;

use super::{MOST_TAGS, find, instance_of, part};
use crate::context::{Call, Write};
use crate::error::{Error, Result};
use crate::service::{Reply, Service, Unparsed};

/// Adds tags to a resource; a key that is there gets the new value. The resource's time of modification stays.
pub(crate) async fn run(service: &Service, call: &Call, input: TagResourceRequest) -> Result<Reply> {
    let (instance, key) = instance_of(service, call, &input.resource_arn)?;
    service.write_in(call, &instance, move |cx| tag(cx, &key, &input)).await
}

/// Adds tags to the resource that `key` names.
fn tag(cx: &mut Write<'_>, key: &Key, input: &TagResourceRequest) -> Result<()> {
    let mut resource = find(cx, key, &input.resource_arn)?;
    if let Some(tags) = resource.tags_mut() {
        tags.extend(input.tags.clone());
        if tags.len() > MOST_TAGS {
            return Err(Error::invalid_request(format!(
                "the resource would have {} tags, at most {MOST_TAGS} are allowed",
                tags.len()
            )));
        }
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
    part(cx, instance, request, |input: &TagResourceRequest| &input.resource_arn, tag)
}
