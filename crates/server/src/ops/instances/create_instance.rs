//! CreateInstance.

use std::sync::Arc;

use lanyard_model::resources::{Instance, InstanceRecord};
use lanyard_model::{Directory, Draft, Id, StreamId, Timestamp};
use lanyard_store::{Append, SecretChange};
use lanyard_wire::shapes::{CreateInstanceRequest, CreateInstanceResponse};

use super::{attributes, built_in};
use crate::context::Call;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::lane::Beside;
use crate::node::{PAGE_KEY, Registry};
use crate::ops::client_tokens;
use crate::server::{Reply, Server, provenance};
use crate::snapshot::Snapshot;

/// Makes an instance as a customer finds it, with all that is built in.
///
/// It is active at once. The registry's entry and the first entry of the instance's own stream are one transaction.
pub(crate) async fn run(server: &Server, call: &Call, input: &CreateInstanceRequest) -> Result<Reply> {
    check(input)?;
    let registry = server.node.registry(&call.scope)?;
    let environment = server.node.environment.as_ref();
    let bare = CreateInstanceRequest { client_token: None, ..input.clone() };
    let written = registry
        .lane
        .write(environment, &provenance(call), |draft, now, beside| {
            let request = client_tokens::Request::new("CreateInstance", call, input.client_token.as_deref(), &bare);
            if let Some(id) = request.made_before(draft.directory())? {
                return Ok((id, None));
            }
            let id = environment.new_id();
            register(&registry, draft, beside, &id, input.instance_alias.as_deref())?;
            request.remember(draft, &id, now)?;
            let (append, directory) = first_entry(environment, call, input, &id, now)?;
            beside.appends.push(append);
            Ok((id, Some(directory)))
        })
        .await?;
    let (id, directory) = written.value;
    if let Some(directory) = directory {
        let snapshot = Snapshot::new(directory, Arc::clone(&server.node.lexicon));
        server.node.insert_instance(&registry, id.clone(), snapshot);
    }
    // The instance's own revision, not the registry's: it is what a question can wait for.
    let revision = server.node.any_instance(&id).map(|instance| instance.lane.read().revision());
    let response = CreateInstanceResponse { id: Some(id.to_string()), arn: Some(call.scope.instance_arn(&id)) };
    Ok(Reply { revision, ..Reply::of(&response) })
}

/// What the constraints of the model do not say: an existing directory is named.
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

/// What a registry's first entry brings, whatever it is about: the key of its page tokens.
pub(crate) fn begin(registry: &Registry, draft: &Draft, beside: &mut Beside) {
    if draft.directory().revision() == 0 {
        let page_key = SecretChange { name: PAGE_KEY.to_owned(), value: Some(registry.page_secret.clone()) };
        beside.secrets.push(page_key);
    }
}

/// Puts an instance into its registry.
pub(crate) fn register(
    registry: &Registry,
    draft: &mut Draft,
    beside: &mut Beside,
    id: &Id,
    alias: Option<&str>,
) -> Result<()> {
    begin(registry, draft, beside);
    let record = InstanceRecord { id: id.clone(), alias: alias.map(str::to_owned) };
    draft.put(record).map_err(|_| {
        Error::invalid_request(format!(
            "member `InstanceAlias` has value `{}`, an alias that is in use; choose another",
            alias.unwrap_or_default()
        ))
    })
}

/// The first entry of the instance's stream: the instance and what is in a new one.
fn first_entry(
    environment: &dyn Environment,
    call: &Call,
    input: &CreateInstanceRequest,
    id: &Id,
    now: Timestamp,
) -> Result<(Append, Directory)> {
    let draft = new_instance(environment, call, input, id, now)?;
    let (changes, directory) = draft.finish(now);
    let append = Append {
        stream: StreamId::Instance(id.clone()),
        expected_revision: 0,
        entry: provenance(call).entry(now, changes),
        secrets: Vec::new(),
        closes: false,
    };
    Ok((append, directory))
}

/// The instance and what is in a new one.
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
