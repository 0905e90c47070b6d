//! ListSecurityProfileFlowModules.

use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{ListSecurityProfileFlowModulesRequest, ListSecurityProfileFlowModulesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;
use crate::operations::references::find;

/// The flow modules, in the order of their identifiers.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListSecurityProfileFlowModulesRequest,
) -> Result<ListSecurityProfileFlowModulesResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let seen = profile.allowed_flow_modules.iter().filter(|it| view::sees_flow_module(cx, it));
    let keyed = seen.map(|it| (view::flow_module_key(it), it));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, view::flow_module)?;
    Ok(ListSecurityProfileFlowModulesResponse {
        allowed_flow_modules: Some(rows),
        next_token,
        last_modified_time: Some(view::timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
