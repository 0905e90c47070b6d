//! The tags of one resource.

use lanyard_model::{Id, Key};
use lanyard_store::Secret;
use lanyard_wire::shapes::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, UntagResourceRequest,
};

use super::{MOST_TAGS, find, locate, of_resource, part};
use crate::context::{Call, Read, Write};
use crate::error::{Error, Result};
use crate::service::{Reply, Service, Unparsed};

/// Adds tags to a resource; a key that is there gets the new value. The resource's time of modification stays.
pub(crate) async fn tag_resource(service: &Service, call: &Call, input: TagResourceRequest) -> Result<Reply> {
    let arn = input.resource_arn.clone();
    let (instance, key) = locate(&call.scope, &arn)?;
    let tagged = service.write_in(call, &instance, move |cx| tag(cx, &key, &input)).await;
    tagged.map_err(|error| of_resource(error, &arn))
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

/// Changes tags as part of a change-set.
pub(crate) fn tag_resource_in_change_set(
    cx: &mut Write<'_>,
    instance: &Id,
    request: &Unparsed<'_>,
    _: Option<&Secret>,
) -> Result<Vec<u8>> {
    part(cx, instance, request, |input: &TagResourceRequest| &input.resource_arn, tag)
}

/// Removes tags from a resource by their keys. A key that is not there is not an error.
pub(crate) async fn untag_resource(service: &Service, call: &Call, input: UntagResourceRequest) -> Result<Reply> {
    let arn = input.resource_arn.clone();
    let (instance, key) = locate(&call.scope, &arn)?;
    let untagged = service.write_in(call, &instance, move |cx| untag(cx, &key, &input)).await;
    untagged.map_err(|error| of_resource(error, &arn))
}

/// Removes tags from the resource that `key` names.
fn untag(cx: &mut Write<'_>, key: &Key, input: &UntagResourceRequest) -> Result<()> {
    let mut resource = find(cx, key, &input.resource_arn)?;
    if let Some(tags) = resource.tags_mut() {
        tags.retain(|key, _| !input.tag_keys.contains(key));
    }
    cx.put(resource)
}

/// Changes tags as part of a change-set.
pub(crate) fn untag_resource_in_change_set(
    cx: &mut Write<'_>,
    instance: &Id,
    request: &Unparsed<'_>,
    _: Option<&Secret>,
) -> Result<Vec<u8>> {
    part(cx, instance, request, |input: &UntagResourceRequest| &input.resource_arn, untag)
}

/// The tags of a resource; an empty map when it has none.
pub(crate) async fn list_tags_for_resource(
    service: &Service,
    call: &Call,
    input: &ListTagsForResourceRequest,
) -> Result<Reply> {
    let arn = &input.resource_arn;
    let (instance, key) = locate(&call.scope, arn)?;
    let read = |cx: &Read<'_>| Ok(ListTagsForResourceResponse { tags: find(cx, &key, arn)?.tags().cloned() });
    service.read_in(call, &instance, read).await.map_err(|error| of_resource(error, arn))
}
