//! DescribeContactFlowModuleAlias.

use lanyard_wire::shapes::{DescribeContactFlowModuleAliasRequest, DescribeContactFlowModuleAliasResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// An alias of a module, and the version it stands for.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &DescribeContactFlowModuleAliasRequest,
) -> Result<DescribeContactFlowModuleAliasResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let alias = find::alias(cx, &module.id, &input.alias_id)?;
    Ok(DescribeContactFlowModuleAliasResponse { contact_flow_module_alias: Some(view::alias(cx, &alias)) })
}
