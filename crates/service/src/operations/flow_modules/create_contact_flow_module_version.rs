//! CreateContactFlowModuleVersion.

use lanyard_model::resources::{FlowModule, FlowModuleVersion};
use lanyard_wire::shapes::{CreateContactFlowModuleVersionRequest, CreateContactFlowModuleVersionResponse};

use super::{find, view};
use crate::context::Write;
use crate::error::{Error, Result};

/// Keeps the published content under the next number, from 1. A number is never used again. With a hash, the content
/// must be what the caller believes it is.
pub(crate) fn run(
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
