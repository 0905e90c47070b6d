//! ListSecurityProfileAIAgents.

use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{ListSecurityProfileAIAgentsRequest, ListSecurityProfileAIAgentsResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;
use crate::operations::references::find;

/// The AI agents, in the order of their ARNs.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListSecurityProfileAIAgentsRequest,
) -> Result<ListSecurityProfileAIAgentsResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let keyed = profile.allowed_ai_agents.iter().map(|it| (view::ai_agent_key(it), it));
    let (rows, next_token) = pages::of_items(cx, input, &input.security_profile_id, keyed, view::ai_agent)?;
    Ok(ListSecurityProfileAIAgentsResponse {
        allowed_ai_agents: Some(rows),
        next_token,
        last_modified_time: Some(view::timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
