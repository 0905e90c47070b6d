//! UpdateContactFlowModuleMetadata.

use lanyard_model::Kind;
use lanyard_model::resources::FlowModule;
use lanyard_wire::shapes::{
    ContactFlowModuleState, UpdateContactFlowModuleMetadataRequest, UpdateContactFlowModuleMetadataResponse,
};

use super::find;
use crate::context::Write;
use crate::error::{Error, Result};

/// Replaces the members that are sent; an empty description clears.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &UpdateContactFlowModuleMetadataRequest,
) -> Result<UpdateContactFlowModuleMetadataResponse> {
    let mut module = FlowModule::clone(&*find::module(cx, &input.contact_flow_module_id)?);
    if let Some(name) = &input.name {
        if cx.find_name(Kind::FlowModule, name).is_some_and(|holder| *holder != module.id) {
            return Err(Error::duplicate(format!("there is a flow module named `{name}` in this instance already")));
        }
        module.name.clone_from(name);
    }
    if let Some(description) = &input.description {
        module.description = (!description.is_empty()).then(|| description.clone());
    }
    if let Some(state) = &input.state {
        module.archived = *state == ContactFlowModuleState::Archived;
    }
    module.last_modified_time = cx.now;
    module.last_modified_region.clone_from(&cx.call.scope.region);
    cx.put(module)?;
    Ok(UpdateContactFlowModuleMetadataResponse {})
}
