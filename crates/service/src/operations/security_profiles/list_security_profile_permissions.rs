//! ListSecurityProfilePermissions.

use lanyard_wire::shapes::{ListSecurityProfilePermissionsRequest, ListSecurityProfilePermissionsResponse};

use super::describe_security_profile::find;
use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The permissions, in alphabetical order.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListSecurityProfilePermissionsRequest,
) -> Result<ListSecurityProfilePermissionsResponse> {
    let profile = find(cx, &input.security_profile_id)?;
    let (query, token) = (input.security_profile_id.as_bytes(), input.next_token.as_deref());
    let pages = Pages::new(cx, &input.instance_id, query, token, input.max_results, MOST)?;
    let (page, next_token) = pages.cut_list(profile.permissions.iter().map(|name| (name.clone(), name.clone())));
    Ok(ListSecurityProfilePermissionsResponse {
        permissions: Some(page),
        next_token,
        last_modified_time: Some(view::timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
