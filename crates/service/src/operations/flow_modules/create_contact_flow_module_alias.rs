//! CreateContactFlowModuleAlias.

use lanyard_model::resources::FlowModuleAlias;
use lanyard_wire::shapes::{CreateContactFlowModuleAliasRequest, CreateContactFlowModuleAliasResponse};

use super::{find, view};
use crate::context::Write;
use crate::error::Result;

/// Names a version of a module. The name is unique among the module's aliases.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &CreateContactFlowModuleAliasRequest,
) -> Result<CreateContactFlowModuleAliasResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let version = find::version(cx, &module.id, input.contact_flow_module_version)?.version;
    find::check_alias_name(cx, &module.id, &input.alias_name, None)?;
    let id = cx.new_id();
    cx.put(FlowModuleAlias {
        id: id.clone(),
        flow_module_id: module.id.clone(),
        name: input.alias_name.clone(),
        version,
        description: input.description.clone().filter(|text| !text.is_empty()),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    })?;
    Ok(CreateContactFlowModuleAliasResponse {
        contact_flow_module_arn: Some(view::arn(cx, &module.id)),
        id: Some(id.to_string()),
    })
}
