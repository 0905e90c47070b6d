//! ListEntitySecurityProfiles.

use lanyard_model::Kind;
use lanyard_wire::shapes::{
    ListEntitySecurityProfilesRequest, ListEntitySecurityProfilesResponse, SecurityProfileItem,
};

use super::entities;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The profiles that an AI agent holds, in the order of their identifiers. AI agents live in another service, so one that
/// was never associated is one that holds none.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListEntitySecurityProfilesRequest,
) -> Result<ListEntitySecurityProfilesResponse> {
    let agent = entities::ai_agent(&input.entity_type, &input.entity_arn)?;
    let (query, token) = (input.entity_arn.as_bytes(), input.next_token.as_deref());
    let pages = Pages::new(cx, &input.instance_id, query, token, input.max_results, MOST)?;
    let held = cx.ai_agents.get(&agent).map(|agent| agent.security_profile_ids.as_slice()).unwrap_or_default();
    let rows = held.iter().filter(|id| cx.can_view(Kind::SecurityProfile, id));
    let rows = rows.map(|id| (id.to_string(), SecurityProfileItem { id: Some(id.to_string()) }));
    let (page, next_token) = pages.cut_list(rows);
    Ok(ListEntitySecurityProfilesResponse { security_profiles: Some(page), next_token })
}
