//! CreateInstance.

use lanyard_model::resources::{ClientToken, Instance, InstanceRecord};
use lanyard_model::{Directory, Draft, Id, Kind, StreamId, Timestamp};
use lanyard_store::{Append, SecretChange};
use lanyard_wire::Input;
use lanyard_wire::shapes::{CreateInstanceRequest, CreateInstanceResponse};
use sha2::{Digest, Sha256};

use super::{attributes, built_in};
use crate::context::Call;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::node::PAGE_KEY;
use crate::server::{Reply, Server, provenance};

/// How long a client token is remembered: a day.
const TOKEN_LIFE_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Makes an instance as a customer finds it, with all that is built in.
///
/// It is active at once. The registry's entry and the first entry of the instance's own stream are one transaction.
pub(crate) async fn run(server: &Server, call: &Call, input: &CreateInstanceRequest) -> Result<Reply> {
    check(input)?;
    let registry = server.node.registry(&call.scope)?;
    let environment = server.node.environment.as_ref();
    let digest = digest(input);
    let written = registry
        .lane
        .write(environment, &provenance(call), |draft, now, beside| {
            if let Some(id) = made_before(draft.directory(), input, &digest)? {
                return Ok((id, None));
            }
            let id = environment.new_id();
            if draft.directory().revision() == 0 {
                let page_key = SecretChange { name: PAGE_KEY.to_owned(), value: Some(registry.page_secret.clone()) };
                beside.secrets.push(page_key);
            }
            put_record(draft, input, &id)?;
            remember(draft, input, &digest, &id, now)?;
            let (append, directory) = first_entry(environment, call, input, &id, now)?;
            beside.appends.push(append);
            Ok((id, Some(directory)))
        })
        .await?;
    let (id, directory) = written.value;
    if let Some(directory) = directory {
        server.node.insert_instance(&registry, id.clone(), directory);
    }
    let response = CreateInstanceResponse { id: Some(id.to_string()), arn: Some(call.scope.instance_arn(&id)) };
    Ok(Reply { revision: Some(written.revision), ..Reply::of(&response) })
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

/// A digest of all but the client token.
fn digest(input: &CreateInstanceRequest) -> String {
    let body = CreateInstanceRequest { client_token: None, ..input.clone() }.to_request().body;
    format!("{:x}", Sha256::digest(body.unwrap_or_default()))
}

/// The instance that the same request made before, by its client token.
fn made_before(directory: &Directory, input: &CreateInstanceRequest, digest: &str) -> Result<Option<Id>> {
    let Some(token) = &input.client_token else { return Ok(None) };
    match directory.client_tokens.get(&ClientToken::key("CreateInstance", token)) {
        None => Ok(None),
        Some(made) if made.request_digest == digest => Ok(Some(made.result.clone())),
        Some(_) => Err(Error::invalid_request(
            "member `ClientToken` was used before for another request; a new request needs a new token",
        )),
    }
}

fn put_record(draft: &mut Draft, input: &CreateInstanceRequest, id: &Id) -> Result<()> {
    let record = InstanceRecord { id: id.clone(), alias: input.instance_alias.clone() };
    draft.put(record).map_err(|_| {
        Error::invalid_request(format!(
            "member `InstanceAlias` has value `{}`, an alias that is in use; choose another",
            input.instance_alias.as_deref().unwrap_or_default()
        ))
    })
}

/// Remembers the client token, and forgets those whose time is over.
fn remember(draft: &mut Draft, input: &CreateInstanceRequest, digest: &str, id: &Id, now: Timestamp) -> Result<()> {
    let over: Vec<Id> = draft
        .directory()
        .client_tokens
        .iter()
        .filter(|(_, token)| now.millis_since(token.time) > TOKEN_LIFE_MILLIS)
        .map(|(id, _)| id.clone())
        .collect();
    for id in over {
        draft.delete(Kind::ClientToken, &id)?;
    }
    let Some(token) = &input.client_token else { return Ok(()) };
    draft.put(ClientToken {
        operation: "CreateInstance".to_owned(),
        token: token.clone(),
        request_digest: digest.to_owned(),
        result: id.clone(),
        time: now,
    })?;
    Ok(())
}

/// The first entry of the instance's stream: the instance and what is in a new one.
fn first_entry(
    environment: &dyn Environment,
    call: &Call,
    input: &CreateInstanceRequest,
    id: &Id,
    now: Timestamp,
) -> Result<(Append, Directory)> {
    let stream = StreamId::Instance(id.clone());
    let mut draft = Draft::new(Directory::empty(stream.clone()));
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
    let (changes, directory) = draft.finish(now);
    let append = Append {
        stream,
        expected_revision: 0,
        entry: provenance(call).entry(now, changes),
        secrets: Vec::new(),
        closes: false,
    };
    Ok((append, directory))
}
