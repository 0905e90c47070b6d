//! DeleteContactFlowModule.

use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{DeleteContactFlowModuleRequest, DeleteContactFlowModuleResponse};

use super::find;
use crate::context::Write;
use crate::error::Result;

/// Deletes a module with its aliases and versions. A security profile that allows it as a tool goes on naming it.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &DeleteContactFlowModuleRequest,
) -> Result<DeleteContactFlowModuleResponse> {
    let id = find::module(cx, &input.contact_flow_module_id)?.id.clone();
    let aliases: Vec<Id> = find::aliases(cx, &id).map(|alias| alias.id.clone()).collect();
    let versions: Vec<Id> = cx
        .referrers(Kind::FlowModule, &id)
        .filter(|key| key.kind == Kind::FlowModuleVersion)
        .map(|key| key.id.clone())
        .collect();
    for alias in &aliases {
        cx.delete(Kind::FlowModuleAlias, alias)?;
    }
    for version in &versions {
        cx.delete(Kind::FlowModuleVersion, version)?;
    }
    cx.delete(Kind::FlowModule, &id)?;
    Ok(DeleteContactFlowModuleResponse {})
}
