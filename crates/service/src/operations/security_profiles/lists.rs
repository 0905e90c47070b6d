//! The four lists of a security profile.

use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{
    ListSecurityProfileAIAgentsRequest, ListSecurityProfileAIAgentsResponse, ListSecurityProfileApplicationsRequest,
    ListSecurityProfileApplicationsResponse, ListSecurityProfileFlowModulesRequest,
    ListSecurityProfileFlowModulesResponse, ListSecurityProfilePermissionsRequest,
    ListSecurityProfilePermissionsResponse,
};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::members::timestamp;
use crate::operations::pages;
use crate::operations::references::find;

/// The permissions, in alphabetical order.
pub(crate) fn list_security_profile_permissions(
    cx: &Read<'_>,
    input: &ListSecurityProfilePermissionsRequest,
) -> Result<ListSecurityProfilePermissionsResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let keyed = profile.permissions.iter().map(|name| (name.clone(), name));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, String::clone)?;
    Ok(ListSecurityProfilePermissionsResponse {
        permissions: Some(rows),
        next_token,
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}

/// The third-party applications and MCP servers, in the order of their namespaces.
pub(crate) fn list_security_profile_applications(
    cx: &Read<'_>,
    input: &ListSecurityProfileApplicationsRequest,
) -> Result<ListSecurityProfileApplicationsResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let keyed = profile.applications.iter().map(|it| (view::application_key(it), it));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, view::application)?;
    Ok(ListSecurityProfileApplicationsResponse {
        applications: Some(rows),
        next_token,
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}

/// The flow modules, in the order of their identifiers.
pub(crate) fn list_security_profile_flow_modules(
    cx: &Read<'_>,
    input: &ListSecurityProfileFlowModulesRequest,
) -> Result<ListSecurityProfileFlowModulesResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let visible = profile.allowed_flow_modules.iter().filter(|it| view::can_view_flow_module(cx, it));
    let keyed = visible.map(|it| (view::flow_module_key(it), it));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, view::flow_module)?;
    Ok(ListSecurityProfileFlowModulesResponse {
        allowed_flow_modules: Some(rows),
        next_token,
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}

/// The AI agents, in the order of their ARNs.
pub(crate) fn list_security_profile_ai_agents(
    cx: &Read<'_>,
    input: &ListSecurityProfileAIAgentsRequest,
) -> Result<ListSecurityProfileAIAgentsResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let keyed = profile.allowed_ai_agents.iter().map(|it| (view::ai_agent_key(it), it));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, view::ai_agent)?;
    Ok(ListSecurityProfileAIAgentsResponse {
        allowed_ai_agents: Some(rows),
        next_token,
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
