//! Flow modules described, listed and searched.

use lanyard_model::resources::FlowModule;
use lanyard_wire::shapes::{
    ContactFlowModuleSearchCriteria, ContactFlowModuleStatus, DescribeContactFlowModuleRequest,
    DescribeContactFlowModuleResponse, ListContactFlowModulesRequest, ListContactFlowModulesResponse,
    SearchContactFlowModulesRequest, SearchContactFlowModulesResponse, StringCondition,
};

use super::find::Form;
use super::{find, view};
use crate::context::Read;
use crate::error::Result;
use crate::operations::{pages, search};

/// The module with its published content; with what a qualifier after the identifier asks for, where there is one:
/// `:$SAVED`, `:$LATEST`, a version's number or an alias.
pub(crate) fn describe_contact_flow_module(
    cx: &Read<'_>,
    input: &DescribeContactFlowModuleRequest,
) -> Result<DescribeContactFlowModuleResponse> {
    let (module, form) = find::qualified(cx, &input.contact_flow_module_id)?;
    Ok(DescribeContactFlowModuleResponse { contact_flow_module: Some(view::module(cx, &module, &form)) })
}

/// The modules of the instance, or those in one state, in the order of their identifiers.
pub(crate) fn list_contact_flow_modules(
    cx: &Read<'_>,
    input: &ListContactFlowModulesRequest,
) -> Result<ListContactFlowModulesResponse> {
    let state = input.contact_flow_module_state.as_ref();
    let query = state.map_or("", |state| state.as_str());
    let is_wanted = |it: &FlowModule| state.is_none_or(|state| view::state(it) == *state);
    let row = |it: &_| view::summary(cx, it);
    let (rows, next_token) = pages::of_filtered(cx, input, query, &cx.flow_modules, is_wanted, row)?;
    Ok(ListContactFlowModulesResponse { contact_flow_modules_summary_list: Some(rows), next_token })
}

/// The fields that can be searched.
const FIELDS: &[&str] = &["name", "description"];

/// The modules that meet the criteria and whose tags pass the filter, each as it is published.
pub(crate) fn search_contact_flow_modules(
    cx: &Read<'_>,
    input: &SearchContactFlowModulesRequest,
) -> Result<SearchContactFlowModulesResponse> {
    let page = search::by_criteria(cx, input, FIELDS, &cx.flow_modules, node_holds)?;
    Ok(SearchContactFlowModulesResponse {
        contact_flow_modules: page.rows(|it| view::module(cx, it, &Form::Published)),
        next_token: page.next_token,
        approximate_total_count: page.total,
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
