//! TagResource of AppIntegrations.

use lanyard_wire::appintegrations::shapes::{TagResourceRequest, TagResourceResponse};

use super::tagged;
use crate::context::Write;
use crate::error::{Error, Result};

/// How many tags an application may carry (the API model's bound on the tags of an answer).
const MOST_TAGS: usize = 200;

/// Adds tags to an application; a key that is there gets the new value. The time of modification stays.
pub(crate) fn run(cx: &mut Write<'_>, input: &TagResourceRequest) -> Result<TagResourceResponse> {
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
