//! ListSecurityProfileApplications.

use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{ListSecurityProfileApplicationsRequest, ListSecurityProfileApplicationsResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;
use crate::operations::references::find;

/// The third-party applications and MCP servers, in the order of their namespaces.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListSecurityProfileApplicationsRequest,
) -> Result<ListSecurityProfileApplicationsResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let keyed = profile.applications.iter().map(|it| (view::application_key(it), it));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, view::application)?;
    Ok(ListSecurityProfileApplicationsResponse {
        applications: Some(rows),
        next_token,
        last_modified_time: Some(view::timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
