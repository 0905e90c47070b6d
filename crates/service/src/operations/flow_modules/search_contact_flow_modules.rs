//! SearchContactFlowModules.

use lanyard_model::resources::FlowModule;
use lanyard_wire::shapes::{
    ContactFlowModuleSearchCriteria, ContactFlowModuleStatus, SearchContactFlowModulesRequest,
    SearchContactFlowModulesResponse, StringCondition,
};

use super::find::Form;
use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search;

/// The fields that can be searched.
const FIELDS: &[&str] = &["name", "description"];

/// The modules that meet the criteria and whose tags pass the filter, each as it is published.
pub(crate) fn run(cx: &Read<'_>, input: &SearchContactFlowModulesRequest) -> Result<SearchContactFlowModulesResponse> {
    let found = search::by_criteria(cx, input, FIELDS, &cx.flow_modules, node_holds)?;
    Ok(SearchContactFlowModulesResponse {
        contact_flow_modules: found.rows(|it| view::module(cx, it, &Form::Published)),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}

/// Whether the conditions of one node hold. Every module is published; one is `SAVED` too while it has content that was
/// saved and not published.
fn node_holds(node: &ContactFlowModuleSearchCriteria, module: &FlowModule) -> bool {
    let text_holds = |condition: &StringCondition| match condition.field_name.as_deref() {
        Some("description") => search::string_holds(condition, module.description.as_deref().unwrap_or_default()),
        _ => search::string_holds(condition, &module.name),
    };
    node.string_condition.as_ref().is_none_or(text_holds)
        && node.state_condition.as_ref().is_none_or(|state| view::state(module) == *state)
        && node.status_condition.as_ref().is_none_or(|status| match status {
            ContactFlowModuleStatus::Saved => module.saved.is_some(),
            _ => true,
        })
}
