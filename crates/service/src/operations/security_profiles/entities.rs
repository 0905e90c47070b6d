//! Entities that can hold a profile through the API of associations: AI agents.

use lanyard_model::resources::AiAgent;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{
    AssociateSecurityProfilesRequest, DisassociateSecurityProfilesRequest, EntityType,
    ListEntitySecurityProfilesRequest, ListEntitySecurityProfilesResponse, SecurityProfileItem,
};

use crate::context::{InstanceState, Read, Write};
use crate::error::{Error, Excerpt, Result};
use crate::operations::{ids, pages};

/// The AI agent that a request names. The service's enumeration has `USER` too and refuses it; so does this.
pub(super) fn ai_agent(entity_type: &EntityType, arn: &str) -> Result<Id> {
    if *entity_type != EntityType::AiAgent {
        return Err(Error::invalid_parameter(format!(
            "member `EntityType` has value `{}`, only AI_AGENT is supported",
            entity_type.as_str()
        )));
    }
    if !is_ai_agent_arn(arn) {
        return Err(Error::invalid_parameter(format!(
            "member `EntityArn` has value `{}`, which is not the ARN of an AI agent, such as \
             `arn:aws:wisdom:REGION:ACCOUNT:ai-agent/ASSISTANT/AGENT`",
            Excerpt(arn)
        )));
    }
    Ok(Id::new(arn))
}

/// The form of an AI agent's ARN (`docs/evidence`, L13), with or without a version qualifier.
pub(super) fn is_ai_agent_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, "wisdom" | "qconnect", region, account, resource] = parts.as_slice() else { return false };
    let Some((assistant, agent)) = resource.strip_prefix("ai-agent/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let (agent, qualifier) = agent.split_once(':').unwrap_or((agent, "1"));
    partition.starts_with("aws")
        && !region.is_empty()
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && [assistant, agent, qualifier].iter().all(|part| !part.is_empty())
        && !agent.contains('/')
}

/// The profiles that a request names, by identifier or ARN, whether there are such or not.
pub(super) fn profile_ids(cx: &Write<'_>, items: &[SecurityProfileItem]) -> Result<Vec<Id>> {
    let missing = |at| Error::invalid_parameter(format!("member `SecurityProfiles[{at}].Id` is required"));
    items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            item.id.as_deref().map(|text| ids::id(cx, Kind::SecurityProfile, text)).ok_or_else(|| missing(at))
        })
        .collect()
}

/// Adds profiles to those that an AI agent holds. One that it holds already keeps its place.
pub(crate) fn associate_security_profiles(cx: &mut Write<'_>, input: &AssociateSecurityProfilesRequest) -> Result<()> {
    let agent = ai_agent(&input.entity_type, &input.entity_arn)?;
    let mut held = cx.ai_agents.get(&agent).map(|agent| agent.security_profile_ids.clone()).unwrap_or_default();
    for id in profile_ids(cx, &input.security_profiles)? {
        if !cx.security_profiles.contains_key(&id) || !cx.can_assign(Kind::SecurityProfile, &id) {
            return Err(Error::not_found(Kind::SecurityProfile.noun(), id));
        }
        if !held.contains(&id) {
            held.push(id);
        }
    }
    cx.put(AiAgent { arn: input.entity_arn.clone(), security_profile_ids: held })
}

/// Removes profiles from those that an AI agent holds. One that it does not hold is an error (`docs/evidence`, N11), as one
/// that does not exist is. One that the caller may not view can be removed, and is otherwise treated as absent.
pub(crate) fn disassociate_security_profiles(
    cx: &mut Write<'_>,
    input: &DisassociateSecurityProfilesRequest,
) -> Result<()> {
    let agent = ai_agent(&input.entity_type, &input.entity_arn)?;
    let taken = profile_ids(cx, &input.security_profiles)?;
    let mut kept = cx.ai_agents.get(&agent).map(|agent| agent.security_profile_ids.clone()).unwrap_or_default();
    if let Some(id) = taken.iter().find(|id| !kept.contains(id)) {
        if !cx.security_profiles.contains_key(id) || !cx.can_view(Kind::SecurityProfile, id) {
            return Err(Error::not_found(Kind::SecurityProfile.noun(), id));
        }
        return Err(Error::invalid_request(format!(
            "the AI agent `{}` does not have the security profile `{id}`",
            Excerpt(&input.entity_arn)
        )));
    }
    kept.retain(|id| !taken.contains(id));
    if kept.is_empty() {
        return cx.delete(Kind::AiAgent, &agent);
    }
    cx.put(AiAgent { arn: input.entity_arn.clone(), security_profile_ids: kept })
}

/// The profiles that an AI agent holds, in the order of their identifiers. AI agents are resources of another service,
/// so one that was never associated holds none.
pub(crate) fn list_entity_security_profiles(
    cx: &Read<'_>,
    input: &ListEntitySecurityProfilesRequest,
) -> Result<ListEntitySecurityProfilesResponse> {
    let agent = ai_agent(&input.entity_type, &input.entity_arn)?;
    let held = cx.ai_agents.get(&agent).map(|agent| agent.security_profile_ids.as_slice()).unwrap_or_default();
    let visible = held.iter().filter(|id| cx.can_view(Kind::SecurityProfile, id));
    let keyed = visible.map(|id| (id.to_string(), id));
    let row = |id: &Id| SecurityProfileItem { id: Some(id.to_string()) };
    let (rows, next_token) = pages::of_items(cx, input, &input.entity_arn, keyed, row)?;
    Ok(ListEntitySecurityProfilesResponse { security_profiles: Some(rows), next_token })
}

#[cfg(test)]
mod tests {
    use super::is_ai_agent_arn;

    #[test]
    fn the_arn_of_an_ai_agent_is_distinguished_from_others() {
        let agent = "arn:aws:wisdom:eu-west-2:123456789012:ai-agent/assistant-1/agent-1";
        for arn in [agent.to_owned(), format!("{agent}:1"), format!("{agent}:$LATEST"), format!("{agent}:$SAVED")] {
            assert!(is_ai_agent_arn(&arn), "{arn}");
        }
        for arn in [
            "x",
            "arn:aws:connect:eu-west-2:123456789012:instance/a/agent/b",
            "arn:aws:wisdom:eu-west-2:123456789012:ai-agent/only-one",
            "arn:aws:wisdom:eu-west-2:123456789012:assistant/a/b",
            "arn:aws:wisdom:eu-west-2:12:ai-agent/a/b",
            "arn:aws:wisdom:eu-west-2:123456789012:ai-agent/a/b:",
        ] {
            assert!(!is_ai_agent_arn(arn), "{arn}");
        }
    }
}
