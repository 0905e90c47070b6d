//! ListTagsForResource of AppIntegrations.

use lanyard_wire::appintegrations::shapes::{ListTagsForResourceRequest, ListTagsForResourceResponse};

use super::tagged;
use crate::context::Read;
use crate::error::Result;

/// The tags of an application; an empty map when it has none.
pub(crate) fn run(cx: &Read<'_>, input: &ListTagsForResourceRequest) -> Result<ListTagsForResourceResponse> {
    let application = tagged(cx, &cx.call.scope, &input.resource_arn)?;
    Ok(ListTagsForResourceResponse { tags: Some(application.tags) })
}
