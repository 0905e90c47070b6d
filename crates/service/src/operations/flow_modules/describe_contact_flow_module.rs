//! DescribeContactFlowModule.

use lanyard_wire::shapes::{DescribeContactFlowModuleRequest, DescribeContactFlowModuleResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// The module with its published content; with what a qualifier after the identifier asks for, where there is one:
/// `:$SAVED`, `:$LATEST`, a version's number or an alias.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &DescribeContactFlowModuleRequest,
) -> Result<DescribeContactFlowModuleResponse> {
    let (module, form) = find::qualified(cx, &input.contact_flow_module_id)?;
    Ok(DescribeContactFlowModuleResponse { contact_flow_module: Some(view::module(cx, &module, &form)) })
}
