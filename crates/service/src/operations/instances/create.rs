//! Instances created.

use std::sync::Arc;

use lanyard_model::resources::{Instance, InstanceRecord};
use lanyard_model::{Directory, Draft, Id, StreamId, Timestamp};
use lanyard_store::{Append, Position, Sealing};
use lanyard_wire::shapes::{CreateInstanceRequest, CreateInstanceResponse};

use super::{attributes, built_in};
use crate::context::Call;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::node::{Node, Registry};
use crate::operations::client_tokens;
use crate::service::{Reply, Service, provenance};
use crate::snapshot::Snapshot;
use crate::stream_writer::{Provenance, Tip, WriteBatch};

/// Makes an instance with all built-in resources.
///
/// It is active at once. The registry's entry and the first entry of the instance's own stream are one transaction.
pub(crate) async fn create_instance(service: &Service, call: &Call, input: CreateInstanceRequest) -> Result<Reply> {
    check(&input)?;
    let registry = service.node.registry(&call.scope).await?;
    let (node, caller, writer) = (Arc::clone(&service.node), call.clone(), Arc::clone(&registry.writer));
    let written = writer
        .write(provenance(call), move |_, draft, now, batch| {
            let bare = CreateInstanceRequest { client_token: None, ..input.clone() };
            let request =
                client_tokens::CreateRequest::new("CreateInstance", &caller, input.client_token.as_deref(), &bare);
            if let Some(id) = request.made_before(draft.directory())? {
                return Ok(id);
            }
            let id = node.environment.new_id();
            register(&registry, draft, batch, &id, input.instance_alias.as_deref())?;
            request.remember(draft, &id, now)?;
            let draft = new_instance(node.environment.as_ref(), &caller, &input, &id, now)?;
            let (append, tip) = first_entry(node.store.sealing(), draft, &provenance(&caller), now)?;
            batch.appends.push(append);
            serve(&node, &registry, &id, &tip, batch);
            Ok(id)
        })
        .await?;
    let id = written.value;
    // The answer has the instance's own revision, not the registry's: a question can wait for it. The
    // write is acknowledged, whether or not the store can be asked again.
    let instance = service.node.any_instance(&id).await.ok().flatten();
    let revision = instance.map(|instance| instance.writer.read().revision());
    let response = CreateInstanceResponse { id: Some(id.to_string()), arn: Some(call.scope.instance_arn(&id)) };
    Ok(Reply { revision, ..Reply::of(&response) })
}

/// Serves a new instance from the moment on at which it is on disk, and before its registry lists it.
pub(crate) fn serve(node: &Arc<Node>, registry: &Arc<Registry>, id: &Id, tip: &Tip<Directory>, batch: &mut WriteBatch) {
    let tip = Snapshot::tip(tip, Arc::clone(&node.permission_index));
    let (node, registry, id) = (Arc::clone(node), Arc::clone(registry), id.clone());
    batch.when_durable(move || node.insert_instance(&registry, &id, tip));
}

/// Checks a rule that the constraints of the model do not have: an existing directory is named.
fn check(input: &CreateInstanceRequest) -> Result<()> {
    let existing = input.identity_management_type.as_str() == "EXISTING_DIRECTORY";
    match (&input.directory_id, existing) {
        (None, true) => Err(Error::invalid_request(
            "member `DirectoryId` is required when `IdentityManagementType` is EXISTING_DIRECTORY",
        )),
        (Some(_), false) => Err(Error::invalid_request(
            "member `DirectoryId` is only for the `IdentityManagementType` EXISTING_DIRECTORY",
        )),
        _ => Ok(()),
    }
}

/// Puts an instance into its registry.
pub(crate) fn register(
    registry: &Registry,
    draft: &mut Draft,
    batch: &mut WriteBatch,
    id: &Id,
    alias: Option<&str>,
) -> Result<()> {
    registry.begin(draft, batch);
    let record = InstanceRecord { id: id.clone(), alias: alias.map(str::to_owned), needs_decision_token: false };
    draft.put(record).map_err(|_| {
        Error::invalid_request(format!(
            "member `InstanceAlias` has value `{}`, an alias that is in use; choose another",
            alias.unwrap_or_default()
        ))
    })
}

/// The first entry of an instance's stream, and the state after it.
fn first_entry(
    sealing: &Sealing,
    draft: Draft,
    provenance: &Provenance,
    now: Timestamp,
) -> Result<(Append, Tip<Directory>)> {
    let stream = draft.stream().clone();
    let (changes, directory) = draft.finish(now);
    let append = Append::new(sealing, &stream, &Position::origin(&stream), provenance.entry(now, changes))?;
    let position = append.position();
    Ok((append, Tip { state: Arc::new(directory), position }))
}

/// The instance and the resources of a new one.
pub(crate) fn new_instance(
    environment: &dyn Environment,
    call: &Call,
    input: &CreateInstanceRequest,
    id: &Id,
    now: Timestamp,
) -> Result<Draft> {
    let mut draft = Draft::new(Directory::empty(StreamId::Instance(id.clone())));
    draft.put(Instance {
        id: id.clone(),
        account: call.scope.account.clone(),
        region: call.scope.region.clone(),
        alias: input.instance_alias.clone(),
        identity_management_type: input.identity_management_type.as_str().to_owned(),
        directory_id: input.directory_id.clone(),
        created: now,
        attributes: attributes::initial(input.inbound_calls_enabled, input.outbound_calls_enabled),
        tags: input.tags.clone().unwrap_or_default(),
    })?;
    built_in::put(&mut draft, environment, now, &call.scope.region)?;
    Ok(draft)
}
