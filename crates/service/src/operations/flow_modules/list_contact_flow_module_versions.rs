//! ListContactFlowModuleVersions.

use lanyard_wire::shapes::{ListContactFlowModuleVersionsRequest, ListContactFlowModuleVersionsResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;

/// The versions of a module, oldest first.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListContactFlowModuleVersionsRequest,
) -> Result<ListContactFlowModuleVersionsResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let keyed = find::versions(cx, &module.id).map(|it| (format!("{:020}", it.version), it));
    let (rows, next_token) = pages::of_items(cx, input, &module.id.to_string(), keyed, |it| view::version(cx, it))?;
    Ok(ListContactFlowModuleVersionsResponse { contact_flow_module_version_summary_list: Some(rows), next_token })
}
