//! ListContactFlowModuleVersions.

use lanyard_wire::shapes::{ListContactFlowModuleVersionsRequest, ListContactFlowModuleVersionsResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The versions of a module, oldest first.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListContactFlowModuleVersionsRequest,
) -> Result<ListContactFlowModuleVersionsResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let query = module.id.to_string();
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let rows = find::versions(cx, &module.id).map(|it| (format!("{:020}", it.version), it));
    let (page, next_token) = pages.cut_list(rows);
    let summaries = page.into_iter().map(|it| view::version(cx, it)).collect();
    Ok(ListContactFlowModuleVersionsResponse { contact_flow_module_version_summary_list: Some(summaries), next_token })
}
