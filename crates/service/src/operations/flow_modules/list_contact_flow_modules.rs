//! ListContactFlowModules.

use lanyard_model::resources::FlowModule;
use lanyard_wire::shapes::{ListContactFlowModulesRequest, ListContactFlowModulesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;

/// The modules of the instance, or those in one state, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListContactFlowModulesRequest) -> Result<ListContactFlowModulesResponse> {
    let state = input.contact_flow_module_state.as_ref();
    let query = state.map_or("", |state| state.as_str());
    let asked = |it: &FlowModule| state.is_none_or(|state| view::state(it) == *state);
    let row = |it: &_| view::summary(cx, it);
    let (rows, next_token) = pages::of_filtered(cx, input, query, &cx.flow_modules, asked, row)?;
    Ok(ListContactFlowModulesResponse { contact_flow_modules_summary_list: Some(rows), next_token })
}
