//! ListRoutingProfiles.

use lanyard_wire::shapes::{ListRoutingProfilesRequest, ListRoutingProfilesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The profiles of an instance, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListRoutingProfilesRequest) -> Result<ListRoutingProfilesResponse> {
    let pages = Pages::new(cx, &input.instance_id, b"", input.next_token.as_deref(), input.max_results, MOST)?;
    let (page, next_token) = pages.cut(pages.rest(&cx.routing_profiles), |(id, _)| id.to_string());
    let summaries = page.into_iter().map(|(_, it)| view::summary(cx, it)).collect();
    Ok(ListRoutingProfilesResponse { routing_profile_summary_list: Some(summaries), next_token })
}
