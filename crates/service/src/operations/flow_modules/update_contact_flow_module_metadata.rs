//! UpdateContactFlowModuleMetadata.

use lanyard_model::Kind;
use lanyard_model::resources::FlowModule;
use lanyard_wire::shapes::{
    ContactFlowModuleState, UpdateContactFlowModuleMetadataRequest, UpdateContactFlowModuleMetadataResponse,
};

use super::find;
use crate::context::Write;
use crate::error::Result;
use crate::operations::{modified, names};

/// Replaces the members that are sent; an empty description clears.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &UpdateContactFlowModuleMetadataRequest,
) -> Result<UpdateContactFlowModuleMetadataResponse> {
    let mut module = FlowModule::clone(&*find::module(cx, &input.contact_flow_module_id)?);
    if let Some(name) = &input.name {
        names::check_free(cx, Kind::FlowModule, name, Some(&module.id))?;
        module.name.clone_from(name);
    }
    if let Some(description) = &input.description {
        module.description = (!description.is_empty()).then(|| description.clone());
    }
    if let Some(state) = &input.state {
        module.archived = *state == ContactFlowModuleState::Archived;
    }
    modified::put(cx, module)?;
    Ok(UpdateContactFlowModuleMetadataResponse {})
}
