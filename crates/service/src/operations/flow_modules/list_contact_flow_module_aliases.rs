//! ListContactFlowModuleAliases.

use lanyard_wire::shapes::{ListContactFlowModuleAliasesRequest, ListContactFlowModuleAliasesResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;

/// The aliases of a module, in the order of their identifiers.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListContactFlowModuleAliasesRequest,
) -> Result<ListContactFlowModuleAliasesResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let keyed = find::aliases(cx, &module.id).map(|it| (it.id.to_string(), it));
    let (rows, next_token) =
        pages::of_items(cx, input, &module.id.to_string(), keyed, |it| view::alias_summary(cx, it))?;
    Ok(ListContactFlowModuleAliasesResponse { contact_flow_module_alias_summary_list: Some(rows), next_token })
}
