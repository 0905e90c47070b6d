//! The tags of applications.

use lanyard_wire::appintegrations::shapes::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, TagResourceResponse,
    UntagResourceRequest, UntagResourceResponse,
};

use super::tagged;
use crate::context::{Read, Write};
use crate::error::{Error, Result};

/// How many tags an application may carry (the API model's bound on the tags of an answer).
const MOST_TAGS: usize = 200;

/// Adds tags to an application; a key that is there gets the new value. The time of modification stays.
pub(crate) fn tag_resource(cx: &mut Write<'_>, input: &TagResourceRequest) -> Result<TagResourceResponse> {
    let mut application = tagged(cx, &cx.call.scope, &input.resource_arn)?;
    application.tags.extend(input.tags.clone());
    if application.tags.len() > MOST_TAGS {
        return Err(Error::invalid_request(format!(
            "the resource would have {} tags, at most {MOST_TAGS} are allowed",
            application.tags.len()
        )));
    }
    cx.put(application)?;
    Ok(TagResourceResponse {})
}

/// Removes tags from an application by their keys. A key that is not there is not an error.
pub(crate) fn untag_resource(cx: &mut Write<'_>, input: &UntagResourceRequest) -> Result<UntagResourceResponse> {
    let mut application = tagged(cx, &cx.call.scope, &input.resource_arn)?;
    application.tags.retain(|key, _| !input.tag_keys.contains(key));
    cx.put(application)?;
    Ok(UntagResourceResponse {})
}

/// The tags of an application; an empty map when it has none.
pub(crate) fn list_tags_for_resource(
    cx: &Read<'_>,
    input: &ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse> {
    let application = tagged(cx, &cx.call.scope, &input.resource_arn)?;
    Ok(ListTagsForResourceResponse { tags: Some(application.tags) })
}
