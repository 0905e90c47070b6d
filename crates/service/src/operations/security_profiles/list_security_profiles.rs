//! ListSecurityProfiles.

use lanyard_wire::shapes::{ListSecurityProfilesRequest, ListSecurityProfilesResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;

/// The profiles of an instance, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListSecurityProfilesRequest) -> Result<ListSecurityProfilesResponse> {
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_table(cx, input, &cx.security_profiles, row)?;
    Ok(ListSecurityProfilesResponse { security_profile_summary_list: Some(rows), next_token })
}
