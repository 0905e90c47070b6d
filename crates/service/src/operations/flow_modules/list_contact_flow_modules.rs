//! ListContactFlowModules.

use lanyard_wire::shapes::{ListContactFlowModulesRequest, ListContactFlowModulesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The modules of the instance, or those in one state, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListContactFlowModulesRequest) -> Result<ListContactFlowModulesResponse> {
    let state = input.contact_flow_module_state.as_ref();
    let query = state.map_or("", |state| state.as_str());
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let rest = pages.rest(&cx.flow_modules).filter(|(_, it)| state.is_none_or(|state| view::state(it) == *state));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    let summaries = page.into_iter().map(|(_, it)| view::summary(cx, it)).collect();
    Ok(ListContactFlowModulesResponse { contact_flow_modules_summary_list: Some(summaries), next_token })
}
