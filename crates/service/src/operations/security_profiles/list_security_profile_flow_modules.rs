//! ListSecurityProfileFlowModules.

use lanyard_wire::shapes::{ListSecurityProfileFlowModulesRequest, ListSecurityProfileFlowModulesResponse};

use super::describe_security_profile::find;
use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The flow modules, in the order of their identifiers.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListSecurityProfileFlowModulesRequest,
) -> Result<ListSecurityProfileFlowModulesResponse> {
    let profile = find(cx, &input.security_profile_id)?;
    let (query, token) = (input.security_profile_id.as_bytes(), input.next_token.as_deref());
    let pages = Pages::new(cx, &input.instance_id, query, token, input.max_results, MOST)?;
    let seen = profile.allowed_flow_modules.iter().filter(|it| view::sees_flow_module(cx, it));
    let (page, next_token) = pages.cut_list(seen.map(|it| (view::flow_module_key(it), view::flow_module(it))));
    Ok(ListSecurityProfileFlowModulesResponse {
        allowed_flow_modules: Some(page),
        next_token,
        last_modified_time: Some(view::timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
