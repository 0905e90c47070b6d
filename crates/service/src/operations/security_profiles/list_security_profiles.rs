//! ListSecurityProfiles.

use lanyard_wire::shapes::{ListSecurityProfilesRequest, ListSecurityProfilesResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The profiles of an instance, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListSecurityProfilesRequest) -> Result<ListSecurityProfilesResponse> {
    let instance = cx.instance_id();
    let pages = Pages::new(cx, &input.instance_id, b"", input.next_token.as_deref(), input.max_results, MOST)?;
    let (page, next_token) = pages.cut(pages.rest(&cx.security_profiles), |(id, _)| id.to_string());
    let summaries = page.into_iter().map(|(_, it)| view::summary(&cx.call.scope, &instance, it)).collect();
    Ok(ListSecurityProfilesResponse { security_profile_summary_list: Some(summaries), next_token })
}
