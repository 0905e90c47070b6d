//! Flow modules created, updated and deleted.

use lanyard_model::resources::{FlowModule, FlowModuleContent};
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{
    ContactFlowModuleState, CreateContactFlowModuleRequest, CreateContactFlowModuleResponse,
    DeleteContactFlowModuleRequest, DeleteContactFlowModuleResponse, UpdateContactFlowModuleContentRequest,
    UpdateContactFlowModuleContentResponse, UpdateContactFlowModuleMetadataRequest,
    UpdateContactFlowModuleMetadataResponse,
};

use super::find::Form;
use super::{content, find, view};
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::{client_tokens, modified, names};

/// Makes a module, active and published. Its name is unique in the instance.
pub(crate) fn create_contact_flow_module(
    cx: &mut Write<'_>,
    input: &CreateContactFlowModuleRequest,
) -> Result<CreateContactFlowModuleResponse> {
    let bare = CreateContactFlowModuleRequest { client_token: None, ..input.clone() };
    let request =
        client_tokens::CreateRequest::new("CreateContactFlowModule", cx.call, input.client_token.as_deref(), &bare);
    let id = match request.made_before(cx)? {
        Some(id) => id,
        None => {
            let id = make(cx, input)?;
            let now = cx.now;
            request.remember(cx.draft(), &id, now)?;
            id
        }
    };
    Ok(CreateContactFlowModuleResponse { arn: Some(view::arn(cx, &id)), id: Some(id.to_string()) })
}

fn make(cx: &mut Write<'_>, input: &CreateContactFlowModuleRequest) -> Result<Id> {
    content::check(Some(&input.content), input.settings.as_deref())?;
    names::check_free(cx, Kind::FlowModule, &input.name, None)?;
    cx.check_quota(Kind::FlowModule)?;
    let id = cx.new_id();
    cx.put(FlowModule {
        id: id.clone(),
        name: input.name.clone(),
        description: input.description.clone().filter(|text| !text.is_empty()),
        published: FlowModuleContent {
            content: input.content.clone(),
            settings: input.settings.as_deref().and_then(content::settings),
        },
        saved: None,
        external_invocation_enabled: input.external_invocation_configuration.as_ref().and_then(|it| it.enabled),
        archived: false,
        versions_made: 0,
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    })?;
    Ok(id)
}

/// Publishes the content that is sent, or saves it without publishing where the identifier has the qualifier `$SAVED`.
/// A member that is absent keeps its value of the content that was saved or published last; empty settings clear.
/// Publishing discards the saved content.
pub(crate) fn update_contact_flow_module_content(
    cx: &mut Write<'_>,
    input: &UpdateContactFlowModuleContentRequest,
) -> Result<UpdateContactFlowModuleContentResponse> {
    let (module, form) = find::qualified(cx, &input.contact_flow_module_id)?;
    content::check(input.content.as_deref(), input.settings.as_deref())?;
    let mut module = FlowModule::clone(&module);
    let mut next = match (&form, module.saved.take()) {
        (Form::Saved, Some(saved)) => saved,
        _ => module.published.clone(),
    };
    if let Some(content) = &input.content {
        next.content.clone_from(content);
    }
    if let Some(settings) = &input.settings {
        next.settings = content::settings(settings);
    }
    match form {
        Form::Published => module.published = next,
        Form::Saved => module.saved = Some(next),
        Form::Version(_) => return Err(Error::invalid_request("a version of a flow module cannot be changed")),
    }
    modified::put(cx, module)?;
    Ok(UpdateContactFlowModuleContentResponse {})
}

/// Replaces the members that are sent; an empty description clears.
pub(crate) fn update_contact_flow_module_metadata(
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

/// Deletes a module with its aliases and versions. A security profile that allows it as a tool goes on naming it.
pub(crate) fn delete_contact_flow_module(
    cx: &mut Write<'_>,
    input: &DeleteContactFlowModuleRequest,
) -> Result<DeleteContactFlowModuleResponse> {
    let id = find::module(cx, &input.contact_flow_module_id)?.id.clone();
    let aliases: Vec<Id> = find::aliases(cx, &id).map(|alias| alias.id.clone()).collect();
    let versions: Vec<Id> = cx
        .referrers(Kind::FlowModule, &id)
        .filter(|key| key.kind == Kind::FlowModuleVersion)
        .map(|key| key.id.clone())
        .collect();
    for alias in &aliases {
        cx.delete(Kind::FlowModuleAlias, alias)?;
    }
    for version in &versions {
        cx.delete(Kind::FlowModuleVersion, version)?;
    }
    cx.delete(Kind::FlowModule, &id)?;
    Ok(DeleteContactFlowModuleResponse {})
}
