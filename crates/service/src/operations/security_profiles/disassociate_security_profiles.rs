//! DisassociateSecurityProfiles.

use lanyard_model::resources::AiAgent;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::DisassociateSecurityProfilesRequest;

use super::entities;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};

/// Takes profiles from those that an AI agent holds. One that it does not hold is not an error, one that does not exist
/// is.
pub(crate) fn run(cx: &mut Write<'_>, input: &DisassociateSecurityProfilesRequest) -> Result<()> {
    let agent = entities::ai_agent(&input.entity_type, &input.entity_arn)?;
    let taken = entities::profile_ids(cx, &input.security_profiles)?;
    let is_there = |id: &Id| cx.security_profiles.contains_key(id) && cx.can_view(Kind::SecurityProfile, id);
    if let Some(id) = taken.iter().find(|id| !is_there(id)) {
        return Err(Error::not_found(Kind::SecurityProfile.noun(), id));
    }
    let Some(holder) = cx.ai_agents.get(&agent) else { return Ok(()) };
    let mut kept = holder.security_profile_ids.clone();
    kept.retain(|id| !taken.contains(id));
    if kept.is_empty() {
        return cx.delete(Kind::AiAgent, &agent);
    }
    cx.put(AiAgent { arn: input.entity_arn.clone(), security_profile_ids: kept })
}
