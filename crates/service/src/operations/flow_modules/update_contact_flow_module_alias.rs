//! UpdateContactFlowModuleAlias.

use lanyard_model::resources::FlowModuleAlias;
use lanyard_wire::shapes::{UpdateContactFlowModuleAliasRequest, UpdateContactFlowModuleAliasResponse};

use super::find;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified;

/// Renames an alias, describes it anew or moves it to another version: what is sent, the rest stays. An empty description
/// clears.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &UpdateContactFlowModuleAliasRequest,
) -> Result<UpdateContactFlowModuleAliasResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let mut alias = FlowModuleAlias::clone(&*find::alias(cx, &module.id, &input.alias_id)?);
    if let Some(name) = &input.name {
        find::check_alias_name(cx, &module.id, name, Some(&alias.id))?;
        alias.name.clone_from(name);
    }
    if let Some(description) = &input.description {
        alias.description = (!description.is_empty()).then(|| description.clone());
    }
    if let Some(number) = input.contact_flow_module_version {
        alias.version = find::version(cx, &module.id, number)?.version;
    }
    modified::put(cx, alias)?;
    Ok(UpdateContactFlowModuleAliasResponse {})
}
