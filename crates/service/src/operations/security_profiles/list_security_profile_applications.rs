//! ListSecurityProfileApplications.

use lanyard_wire::shapes::{ListSecurityProfileApplicationsRequest, ListSecurityProfileApplicationsResponse};

use super::describe_security_profile::find;
use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The third-party applications and MCP servers, in the order of their namespaces.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListSecurityProfileApplicationsRequest,
) -> Result<ListSecurityProfileApplicationsResponse> {
    let profile = find(cx, &input.security_profile_id)?;
    let (query, token) = (input.security_profile_id.as_bytes(), input.next_token.as_deref());
    let pages = Pages::new(cx, &input.instance_id, query, token, input.max_results, MOST)?;
    let (page, next_token) =
        pages.cut_list(profile.applications.iter().map(|it| (view::application_key(it), view::application(it))));
    Ok(ListSecurityProfileApplicationsResponse {
        applications: Some(page),
        next_token,
        last_modified_time: Some(view::timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
