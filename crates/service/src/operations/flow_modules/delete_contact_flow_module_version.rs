//! DeleteContactFlowModuleVersion.

use lanyard_model::Kind;
use lanyard_model::resources::FlowModuleVersion;
use lanyard_wire::ErrorKind;
use lanyard_wire::shapes::{DeleteContactFlowModuleVersionRequest, DeleteContactFlowModuleVersionResponse};

use super::find;
use crate::context::Write;
use crate::error::{Error, Result};

/// Deletes a version that no alias stands for.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &DeleteContactFlowModuleVersionRequest,
) -> Result<DeleteContactFlowModuleVersionResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let number = find::version(cx, &module.id, input.contact_flow_module_version)?.version;
    if let Some(alias) = find::aliases(cx, &module.id).find(|alias| alias.version == number) {
        return Err(Error::new(
            ErrorKind::ResourceInUseException,
            format!(
                "the flow module version `{number}` is in use by the {} `{}`, named `{}`",
                Kind::FlowModuleAlias.noun(),
                alias.id,
                alias.name
            ),
        ));
    }
    cx.delete(Kind::FlowModuleVersion, &FlowModuleVersion::key(&module.id, number))?;
    Ok(DeleteContactFlowModuleVersionResponse {})
}
