//! DeleteContactFlowModuleAlias.

use lanyard_model::Kind;
use lanyard_wire::shapes::{DeleteContactFlowModuleAliasRequest, DeleteContactFlowModuleAliasResponse};

use super::find;
use crate::context::Write;
use crate::error::Result;

/// Deletes an alias; the version it stood for stays.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &DeleteContactFlowModuleAliasRequest,
) -> Result<DeleteContactFlowModuleAliasResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let id = find::alias(cx, &module.id, &input.alias_id)?.id.clone();
    cx.delete(Kind::FlowModuleAlias, &id)?;
    Ok(DeleteContactFlowModuleAliasResponse {})
}
