//! Applications registered, updated and deleted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lanyard_model::resources::{RegisteredApplication, RegisteredType};
use lanyard_model::{Directory, Draft, Id, Kind, Stored, StreamId};
use lanyard_store::AppendError;
use lanyard_wire::ErrorKind;
use lanyard_wire::appintegrations::shapes::{
    CreateApplicationRequest, CreateApplicationResponse, DeleteApplicationRequest, DeleteApplicationResponse,
    UpdateApplicationRequest, UpdateApplicationResponse,
};

use super::associations::is_with;
use super::members::{Members, members};
use super::{associations, find, is_name_taken, name_taken, named, of_namespace};
use crate::context::{Call, Write};
use crate::error::{Error, Excerpt, Result};
use crate::operations::{client_tokens, modified};
use crate::service::{Reply, Service, provenance};
use crate::stream_writer::{Operation, WriteBatch, WriteError};

/// The longest namespace that a security profile can name (Connect's model; AppIntegrations' admits longer ones).
const LONGEST_IN_A_PROFILE: usize = 128;

/// Registers an application.
pub(crate) fn create_application(
    cx: &mut Write<'_>,
    input: &CreateApplicationRequest,
) -> Result<CreateApplicationResponse> {
    let bare = CreateApplicationRequest { client_token: None, ..input.clone() };
    let request = client_tokens::CreateRequest::new("CreateApplication", cx.call, input.client_token.as_deref(), &bare);
    let answer = |cx: &Write<'_>, id: &Id| CreateApplicationResponse {
        arn: Some(cx.call.scope.application_arn(id)),
        id: Some(id.to_string()),
    };
    if let Some(id) = request.made_before(cx)? {
        return Ok(answer(cx, &id));
    }
    if is_name_taken(cx, &input.name, None) {
        return Err(Error::duplicate(name_taken(&input.name)));
    }
    if of_namespace(cx, &input.namespace).is_some() {
        return Err(Error::duplicate(format!(
            "an application has the namespace `{}` already in this account and region",
            Excerpt(&input.namespace)
        )));
    }
    cx.check_quota(Kind::RegisteredApplication)?;
    let mut application = RegisteredApplication {
        id: cx.new_id(),
        name: input.name.clone(),
        namespace: input.namespace.clone(),
        application_type: RegisteredType::Standard,
        description: None,
        external_url: None,
        subscriptions: Vec::new(),
        publications: Vec::new(),
        permissions: Vec::new(),
        initialization_timeout: None,
        contact_handling_scope: None,
        iframe: None,
        auth: None,
        tags: input.tags.clone().unwrap_or_default(),
        created: cx.now,
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
        tools: None,
    };
    members!(input, Some(&input.application_source_config)).apply(&mut application)?;
    if application.namespace.len() > LONGEST_IN_A_PROFILE {
        cx.warn(format!(
            "member `Namespace` has more than {LONGEST_IN_A_PROFILE} characters, so that no security profile can name it"
        ));
    }
    let id = application.id.clone();
    cx.put(application)?;
    let now = cx.now;
    request.remember(cx.draft(), &id, now)?;
    Ok(answer(cx, &id))
}

/// Updates an application. A member that is absent stays. One that is no MCP server any more has no tools.
pub(crate) fn update_application(
    cx: &mut Write<'_>,
    input: &UpdateApplicationRequest,
) -> Result<UpdateApplicationResponse> {
    let mut application = RegisteredApplication::clone(&*find(cx, &cx.call.scope, &input.arn)?);
    if let Some(name) = &input.name {
        if is_name_taken(cx, name, Some(&application)) {
            return Err(Error::new(ErrorKind::ConflictException, name_taken(name)));
        }
        application.name.clone_from(name);
    }
    members!(input, input.application_source_config.as_ref()).apply(&mut application)?;
    modified::put(cx, application)?;
    Ok(UpdateApplicationResponse {})
}

/// How often a deletion is tried because an instance moved on meanwhile.
const ATTEMPTS: usize = 8;

/// Deletes an application that no instance is associated with; with `Force`, its associations first.
///
/// The associations are in streams of their own, so that a crash can leave the application without some of them; the same
/// request again then completes it. Profiles that name its namespace stay as they are.
pub(crate) async fn delete_application(
    service: &Service,
    call: &Call,
    input: &DeleteApplicationRequest,
) -> Result<Reply> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let registry = service.node.registry(&call.scope).await?;
        let gone = || Error::not_found(RegisteredApplication::NOUN, &input.arn);
        let application = named(&call.scope, &input.arn).ok_or_else(gone)?;
        let arn = call.scope.application_arn(&application);
        let instances = associations::instances(service, call).await?;
        let associated = associations::of(&instances, &arn);
        if let Some((instance, _)) = associated.first()
            && input.force != Some(true)
        {
            // The refusal rests on what is on disk: nothing of the instance is under way while it is held.
            let (_, writer) = instances.iter().find(|(id, _)| id == instance).ok_or_else(gone)?;
            let is_associated = |state: &Directory| state.integration_associations.values().any(|it| is_with(it, &arn));
            if !is_associated(writer.hold().await?.state()) && attempts < ATTEMPTS {
                continue;
            }
            return Err(Error::invalid_request(format!(
                "the application `{application}` is associated with the instance `{instance}`; delete its associations \
                 first, or set `Force`"
            )));
        }
        delete_associations(service, call, associated).await?;
        // Writes to the instances go on at first, and wait where they were in the way.
        let mut _held = Vec::new();
        for (_, writer) in instances.iter().filter(|_| attempts > 1) {
            _held.push(writer.hold().await?);
        }
        let is_moved = Arc::new(AtomicBool::new(false));
        let operation = delete_unassociated(call, input, instances, arn, Arc::clone(&is_moved));
        match registry.writer.try_write(provenance(call), operation).await {
            Ok(_) => return Ok(Reply::of(&DeleteApplicationResponse {})),
            Err(WriteError::Append(AppendError::Conflict { .. })) if attempts < ATTEMPTS => {}
            Err(_) if is_moved.load(Ordering::Acquire) && attempts < ATTEMPTS => {}
            Err(error) => return Err(error.into()),
        }
    }
}

async fn delete_associations(service: &Service, call: &Call, associated: Vec<(Id, Id)>) -> Result<()> {
    for (instance, association) in associated {
        // Another caller may have deleted it meanwhile, or its instance, which is as well.
        let delete = move |cx: &mut Write<'_>| match cx.get(Kind::IntegrationAssociation, &association) {
            Some(_) => cx.delete(Kind::IntegrationAssociation, &association),
            None => Ok(()),
        };
        match service.write_in(call, &instance, delete).await {
            Err(error) if service.node.any_instance(&instance).await?.is_some() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Deletes the application while none of the instances is associated with it: the write rests on their last entries.
/// `is_moved` is set where an instance is new or has an association now.
fn delete_unassociated(
    call: &Call,
    input: &DeleteApplicationRequest,
    instances: Vec<associations::Associable>,
    arn: String,
    is_moved: Arc<AtomicBool>,
) -> impl Operation<Directory, ()> {
    let (scope, named) = (call.scope.clone(), input.arn.clone());
    move |_: &_, draft: &mut Draft, _, batch: &mut WriteBatch| {
        let application = find(draft.directory(), &scope, &named)?.id.clone();
        let tips: Vec<_> = instances.iter().map(|(id, writer)| (id, writer.tip())).collect();
        let is_known = |id: &Id| instances.iter().any(|(known, _)| known == id);
        let is_free = |state: &Directory| !state.integration_associations.values().any(|it| is_with(it, &arn));
        let is_as_read =
            draft.directory().instance_records.keys().all(is_known) && tips.iter().all(|(_, tip)| is_free(&tip.state));
        if !is_as_read {
            is_moved.store(true, Ordering::Release);
            return Err(Error::new(
                ErrorKind::ServiceUnavailableException,
                "the application was associated with instances again and again; try again",
            ));
        }
        batch.guards.extend(tips.into_iter().map(|(id, tip)| (StreamId::Instance(id.clone()), tip.position)));
        Ok(draft.delete(Kind::RegisteredApplication, &application)?)
    }
}
