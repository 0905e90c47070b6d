//! The versions of a flow module.

use lanyard_model::Kind;
use lanyard_model::resources::{FlowModule, FlowModuleVersion};
use lanyard_wire::ErrorKind;
use lanyard_wire::shapes::{
    CreateContactFlowModuleVersionRequest, CreateContactFlowModuleVersionResponse,
    DeleteContactFlowModuleVersionRequest, DeleteContactFlowModuleVersionResponse,
    ListContactFlowModuleVersionsRequest, ListContactFlowModuleVersionsResponse,
};

use super::{find, view};
use crate::context::{Read, Write};
use crate::error::{Error, Result};
use crate::operations::pages;

/// Keeps the published content under the next number, from 1. A number is never used again. With a hash, the content
/// must have that hash.
pub(crate) fn create_contact_flow_module_version(
    cx: &mut Write<'_>,
    input: &CreateContactFlowModuleVersionRequest,
) -> Result<CreateContactFlowModuleVersionResponse> {
    let mut module = FlowModule::clone(&*find::module(cx, &input.contact_flow_module_id)?);
    let hash = view::sha256(&module.published.content);
    if let Some(expected) = &input.flow_module_content_sha256
        && !expected.eq_ignore_ascii_case(&hash)
    {
        return Err(Error::invalid_parameter(format!(
            "member `FlowModuleContentSha256` has value `{expected}`, the published content has the hash `{hash}`"
        )));
    }
    module.versions_made += 1;
    cx.put(FlowModuleVersion {
        flow_module_id: module.id.clone(),
        version: module.versions_made,
        description: input.description.clone().filter(|text| !text.is_empty()),
        content: module.published.clone(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    })?;
    let response = CreateContactFlowModuleVersionResponse {
        contact_flow_module_arn: Some(view::arn(cx, &module.id)),
        version: Some(module.versions_made),
    };
    cx.put(module)?;
    Ok(response)
}

/// Deletes a version that no alias names.
pub(crate) fn delete_contact_flow_module_version(
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

/// The versions of a module, oldest first.
pub(crate) fn list_contact_flow_module_versions(
    cx: &Read<'_>,
    input: &ListContactFlowModuleVersionsRequest,
) -> Result<ListContactFlowModuleVersionsResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let keyed = find::versions(cx, &module.id).map(|it| (format!("{:020}", it.version), it));
    let (rows, next_token) = pages::of_items(cx, input, &module.id.to_string(), keyed, |it| view::version(cx, it))?;
    Ok(ListContactFlowModuleVersionsResponse { contact_flow_module_version_summary_list: Some(rows), next_token })
}
