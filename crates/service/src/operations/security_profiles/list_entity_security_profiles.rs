//! ListEntitySecurityProfiles.

use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{
    ListEntitySecurityProfilesRequest, ListEntitySecurityProfilesResponse, SecurityProfileItem,
};

use super::entities;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;

/// The profiles that an AI agent holds, in the order of their identifiers. AI agents live in another service, so one that
/// was never associated is one that holds none.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListEntitySecurityProfilesRequest,
) -> Result<ListEntitySecurityProfilesResponse> {
    let agent = entities::ai_agent(&input.entity_type, &input.entity_arn)?;
    let held = cx.ai_agents.get(&agent).map(|agent| agent.security_profile_ids.as_slice()).unwrap_or_default();
    let seen = held.iter().filter(|id| cx.can_view(Kind::SecurityProfile, id));
    let keyed = seen.map(|id| (id.to_string(), id));
    let row = |id: &Id| SecurityProfileItem { id: Some(id.to_string()) };
    let (rows, next_token) = pages::of_items(cx, input, &input.entity_arn, keyed, row)?;
    Ok(ListEntitySecurityProfilesResponse { security_profiles: Some(rows), next_token })
}
