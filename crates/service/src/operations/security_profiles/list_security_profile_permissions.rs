//! ListSecurityProfilePermissions.

use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{ListSecurityProfilePermissionsRequest, ListSecurityProfilePermissionsResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;
use crate::operations::references::find;

/// The permissions, in alphabetical order.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListSecurityProfilePermissionsRequest,
) -> Result<ListSecurityProfilePermissionsResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let keyed = profile.permissions.iter().map(|name| (name.clone(), name));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, String::clone)?;
    Ok(ListSecurityProfilePermissionsResponse {
        permissions: Some(rows),
        next_token,
        last_modified_time: Some(view::timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
