//! UntagResource of AppIntegrations.

use lanyard_wire::appintegrations::shapes::{UntagResourceRequest, UntagResourceResponse};

use super::tagged;
use crate::context::Write;
use crate::error::Result;

/// Removes tags from an application by their keys. A key that is not there is not an error.
pub(crate) fn run(cx: &mut Write<'_>, input: &UntagResourceRequest) -> Result<UntagResourceResponse> {
    let mut application = tagged(cx, &cx.call.scope, &input.resource_arn)?;
    application.tags.retain(|key, _| !input.tag_keys.contains(key));
    cx.put(application)?;
    Ok(UntagResourceResponse {})
}
