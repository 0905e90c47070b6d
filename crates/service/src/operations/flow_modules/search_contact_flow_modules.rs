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
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The fields that can be searched.
const FIELDS: &[&str] = &["name", "description"];

search::criteria!(ContactFlowModuleSearchCriteria);

/// The modules that meet the criteria and whose tags pass the filter, each as it is published.
pub(crate) fn run(cx: &Read<'_>, input: &SearchContactFlowModulesRequest) -> Result<SearchContactFlowModulesResponse> {
    search::check(input.search_criteria.as_ref(), FIELDS)?;
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let asked = Asked {
        instance: &input.instance_id,
        query: &query,
        is_everything: input.search_criteria.is_none() && input.search_filter.is_none(),
        token: input.next_token.as_deref(),
        max_results: input.max_results,
        most: MOST,
    };
    let tag_filter = search::checked(input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref()))?;
    let matches = |module: &FlowModule| {
        input.search_criteria.as_ref().is_none_or(|criteria| search::holds(criteria, &|node| leaf_holds(node, module)))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &module.tags))
    };
    let found = search::page(cx, &asked, &cx.flow_modules, matches)?;
    let shown = found.page.into_iter().map(|it| view::module(cx, it, &Form::Published)).collect();
    Ok(SearchContactFlowModulesResponse {
        contact_flow_modules: Some(shown),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}

/// Whether the conditions of one node hold. Every module is published; one is `SAVED` too while it has content that was
/// saved and not published.
fn leaf_holds(node: &ContactFlowModuleSearchCriteria, module: &FlowModule) -> bool {
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
