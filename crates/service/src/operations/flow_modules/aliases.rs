//! The aliases of a flow module.

use lanyard_model::Kind;
use lanyard_model::resources::FlowModuleAlias;
use lanyard_wire::shapes::{
    CreateContactFlowModuleAliasRequest, CreateContactFlowModuleAliasResponse, DeleteContactFlowModuleAliasRequest,
    DeleteContactFlowModuleAliasResponse, DescribeContactFlowModuleAliasRequest,
    DescribeContactFlowModuleAliasResponse, ListContactFlowModuleAliasesRequest, ListContactFlowModuleAliasesResponse,
    UpdateContactFlowModuleAliasRequest, UpdateContactFlowModuleAliasResponse,
};

use super::{find, view};
use crate::context::{Read, Write};
use crate::error::Result;
use crate::operations::{modified, pages};

/// Names a version of a module. The name is unique among the module's aliases.
pub(crate) fn create_contact_flow_module_alias(
    cx: &mut Write<'_>,
    input: &CreateContactFlowModuleAliasRequest,
) -> Result<CreateContactFlowModuleAliasResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let version = find::version(cx, &module.id, input.contact_flow_module_version)?.version;
    find::check_alias_name(cx, &module.id, &input.alias_name, None)?;
    let id = cx.new_id();
    cx.put(FlowModuleAlias {
        id: id.clone(),
        flow_module_id: module.id.clone(),
        name: input.alias_name.clone(),
        version,
        description: input.description.clone().filter(|text| !text.is_empty()),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    })?;
    Ok(CreateContactFlowModuleAliasResponse {
        contact_flow_module_arn: Some(view::arn(cx, &module.id)),
        id: Some(id.to_string()),
    })
}

/// Renames an alias, replaces its description or moves it to another version: members that are not sent stay. An empty
/// description clears.
pub(crate) fn update_contact_flow_module_alias(
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

/// Deletes an alias; its version stays.
pub(crate) fn delete_contact_flow_module_alias(
    cx: &mut Write<'_>,
    input: &DeleteContactFlowModuleAliasRequest,
) -> Result<DeleteContactFlowModuleAliasResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let id = find::alias(cx, &module.id, &input.alias_id)?.id.clone();
    cx.delete(Kind::FlowModuleAlias, &id)?;
    Ok(DeleteContactFlowModuleAliasResponse {})
}

/// An alias of a module, and its version.
pub(crate) fn describe_contact_flow_module_alias(
    cx: &Read<'_>,
    input: &DescribeContactFlowModuleAliasRequest,
) -> Result<DescribeContactFlowModuleAliasResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let alias = find::alias(cx, &module.id, &input.alias_id)?;
    Ok(DescribeContactFlowModuleAliasResponse { contact_flow_module_alias: Some(view::alias(cx, &alias)) })
}

/// The aliases of a module, in the order of their identifiers.
pub(crate) fn list_contact_flow_module_aliases(
    cx: &Read<'_>,
    input: &ListContactFlowModuleAliasesRequest,
) -> Result<ListContactFlowModuleAliasesResponse> {
    let module = find::module(cx, &input.contact_flow_module_id)?;
    let keyed = find::aliases(cx, &module.id).map(|it| (it.id.to_string(), it));
    let (rows, next_token) =
        pages::of_items(cx, input, &module.id.to_string(), keyed, |it| view::alias_summary(cx, it))?;
    Ok(ListContactFlowModuleAliasesResponse { contact_flow_module_alias_summary_list: Some(rows), next_token })
}
