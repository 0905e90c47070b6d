//! AssociateSecurityProfiles.

use lanyard_model::Kind;
use lanyard_model::resources::AiAgent;
use lanyard_wire::shapes::AssociateSecurityProfilesRequest;

use super::entities;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};

/// Adds profiles to those that an AI agent holds. One that it holds already stays where it is.
pub(crate) fn run(cx: &mut Write<'_>, input: &AssociateSecurityProfilesRequest) -> Result<()> {
    let agent = entities::ai_agent(&input.entity_type, &input.entity_arn)?;
    let mut held = cx.ai_agents.get(&agent).map(|agent| agent.security_profile_ids.clone()).unwrap_or_default();
    for id in entities::profile_ids(cx, &input.security_profiles)? {
        if !cx.security_profiles.contains_key(&id) || !cx.can_view(Kind::SecurityProfile, &id) {
            return Err(Error::not_found(Kind::SecurityProfile.noun(), id));
        }
        if !held.contains(&id) {
            held.push(id);
        }
    }
    cx.put(AiAgent { arn: input.entity_arn.clone(), security_profile_ids: held })
}
