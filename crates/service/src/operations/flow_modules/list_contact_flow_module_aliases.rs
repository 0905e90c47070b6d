//! ListContactFlowModuleAliases.

use lanyard_wire::shapes::{ListContactFlowModuleAliasesRequest, ListContactFlowModuleAliasesResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The aliases of a module, in the order of their identifiers.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListContactFlowModuleAliasesRequest,
) -> Result<ListContactFlowModuleAliasesResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let query = module.id.to_string();
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let rows = find::aliases(cx, &module.id).map(|it| (it.id.to_string(), it));
    let (page, next_token) = pages.cut_list(rows);
    let summaries = page.into_iter().map(|it| view::alias_summary(cx, it)).collect();
    Ok(ListContactFlowModuleAliasesResponse { contact_flow_module_alias_summary_list: Some(summaries), next_token })
}
