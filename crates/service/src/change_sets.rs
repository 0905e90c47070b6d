//! `POST /lanyard/v1/instances/{InstanceId}/change-sets`: several calls of the Amazon Connect API as one write.
//!
//! The calls are run one after another against the same draft, each parsed, checked and done as a single call would be;
//! all take effect in one entry of the log, or none does. A call may use the identifiers that an earlier one makes: it
//! has a placeholder for them, which is replaced at each place in later calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use lanyard_model::{Directory, Draft, Id, Kind};
use lanyard_store::Secret;
use lanyard_wire::{ErrorKind, Operation, Route};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::{Call, Write};
use crate::error::{Error, Excerpt, Result};
use crate::operations::in_change_set;
use crate::placeholders::{self, Placeholders};
use crate::service::{Reply, Service, Unparsed, instance_id};
use crate::shared_sessions::sessions_ended_by;
use crate::snapshot::Snapshot;
use crate::stream_writer::WriteBatch;

/// How many calls a change-set has at most.
const MOST_CALLS: usize = 10_000;

/// Calls that are to be one write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSet {
    /// The revision that the instance must have, so that what was reviewed is what is changed.
    #[serde(default)]
    expected_revision: Option<u64>,
    /// Whether to stop before anything is written: the answer is what it would be.
    #[serde(default)]
    dry_run: bool,
    calls: Vec<CallText>,
}

/// One call of the API, as its HTTP request.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallText {
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default)]
    pub(super) query: Option<String>,
    #[serde(default)]
    pub(super) body: Option<Value>,
    /// Map of placeholder to the member of this call's answer that replaces it in later calls.
    #[serde(default)]
    pub(super) makes: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Answer {
    /// The revision that was made; with a dry run, the revision of the trial.
    revision: u64,
    /// The answers of the calls.
    results: Vec<Value>,
}

/// Runs the calls as one write. `body` is the request, in JSON.
///
/// # Errors
/// The request or one of its calls is invalid; a conflict where the instance is at another revision.
pub async fn run(service: &Service, call: &Call, instance: &str, change_set: ChangeSet) -> Result<Reply> {
    let id = instance_id(&call.scope, instance)?;
    check(&change_set)?;
    let passwords = hashes(service, &change_set.calls).await?;
    let instance = service.node.instance(&call.scope, &id).await?;
    let has_association = |operation| operation == Operation::CreateIntegrationAssociation;
    let associates = operations(&change_set.calls)?.into_iter().any(|it| it.is_some_and(has_association));
    let (writer, registry) = (&instance.writer, Arc::clone(&instance.registry));
    let (environment, config, caller) =
        (Arc::clone(&service.node.environment), Arc::clone(&service.config), call.clone());
    let ChangeSet { expected_revision, dry_run, calls } = change_set;
    let apply = move |draft: &mut Draft, batch: &mut WriteBatch, now| -> Result<_> {
        expect_revision(draft.directory(), &id, expected_revision)?;
        let new_id = || environment.new_id();
        let of_registry = registry.writer.tip();
        let mut cx = Write::new(draft, &mut batch.secrets, now, &caller, &config, &new_id, None);
        cx.registry = Some(of_registry.state);
        let results = run_calls(&mut cx, &id, &calls, &passwords, associates)?;
        if cx.rests_on_registry {
            batch.guards.push((registry.stream(), of_registry.position));
        }
        let warnings = cx.into_warnings();
        batch.ended_cells = sessions_ended_by(&id, &batch.secrets);
        Ok((results, warnings))
    };
    if dry_run {
        let directory = Directory::clone(&writer.read());
        let (revision, now) = (directory.revision(), service.node.environment.now());
        let run = move || apply(&mut Draft::new(directory), &mut WriteBatch::default(), now);
        let tried = tokio::task::spawn_blocking(run).await;
        let (results, warnings) = tried.map_err(|error| Error::internal(format!("the dry run: {error}")))??;
        return Ok(Reply { warnings, ..Reply::json(&Answer { revision, results })? });
    }
    let apply = Arc::new(apply);
    let written = service
        .write_on_registry(call, &instance, || {
            let apply = Arc::clone(&apply);
            move |_: &Snapshot, draft: &mut Draft, now, batch: &mut WriteBatch| apply(draft, batch, now)
        })
        .await?;
    let (results, warnings) = written.value;
    let answer = Answer { revision: written.revision, results };
    Ok(Reply { revision: Some(written.revision), warnings, ..Reply::json(&answer)? })
}

/// Refuses a change-set that was made for another state.
fn expect_revision(directory: &Directory, instance: &Id, expected: Option<u64>) -> Result<()> {
    if directory.instances.is_empty() {
        return Err(Error::not_found(Kind::Instance.noun(), instance));
    }
    let revision = directory.revision();
    match expected {
        Some(expected) if expected != revision => Err(Error::new(
            ErrorKind::ConflictException,
            format!("the instance has changed since: it is at revision {revision}, `expected_revision` is {expected}"),
        )),
        _ => Ok(()),
    }
}

fn check(change_set: &ChangeSet) -> Result<()> {
    let count = change_set.calls.len();
    if count > MOST_CALLS {
        return Err(Error::invalid_parameter(format!("there are {count} calls, at most {MOST_CALLS} are allowed")));
    }
    placeholders::check(change_set.calls.iter().flat_map(|call| call.makes.keys()))
}

/// The hashes of the passwords of users that are to be made, by the place of their calls: hashing takes its time, and is
/// done before the write waits for its turn.
async fn hashes(service: &Service, calls: &[CallText]) -> Result<BTreeMap<usize, Secret>> {
    let mut hashes = BTreeMap::new();
    for (at, (call, operation)) in calls.iter().zip(operations(calls)?).enumerate() {
        let password = call.body.as_ref().and_then(|body| body.get("Password")).and_then(Value::as_str);
        if let (Some(Operation::CreateUser), Some(password)) = (operation, password) {
            let salt = service.node.environment.random().map_err(|error| Error::internal(error.to_string()))?;
            let hash = service.passwords.hash(Secret::new(password.as_bytes().to_vec()), salt).await?;
            hashes.insert(at, hash);
        }
    }
    Ok(hashes)
}

/// The operation of each call as its path is written, before identifiers replace placeholders; `None` for a path that
/// is none.
fn operations(calls: &[CallText]) -> Result<Vec<Option<Operation>>> {
    let operation = |(at, call): (usize, &CallText)| match route(at, &call.method, &call.path)? {
        Route::Served(operation, _) => Ok(Some(operation)),
        _ => Ok(None),
    };
    calls.iter().enumerate().map(operation).collect()
}

fn route<'p>(at: usize, method: &str, path: &'p str) -> Result<Route<'p>> {
    lanyard_wire::route(method, path)
        .map_err(|error| Error::new(ErrorKind::SerializationException, format!("call {at}: {error}")))
}

fn run_calls(
    cx: &mut Write<'_>,
    instance: &Id,
    calls: &[CallText],
    passwords: &BTreeMap<usize, Secret>,
    associates: bool,
) -> Result<Vec<Value>> {
    let mut made = Placeholders::default();
    let mut results = Vec::with_capacity(calls.len());
    for (at, text) in calls.iter().enumerate() {
        results.push(run_call(cx, instance, (at, text), passwords.get(&at), associates, &mut made)?);
    }
    Ok(results)
}

/// Runs one call, and defines its placeholders.
pub(super) fn run_call(
    cx: &mut Write<'_>,
    instance: &Id,
    (at, text): (usize, &CallText),
    password: Option<&Secret>,
    associates: bool,
    made: &mut Placeholders,
) -> Result<Value> {
    let path = made.replaced(&text.path);
    let query = text.query.as_deref().map(|query| made.replaced(query));
    let body = text.body.as_ref().map(|body| made.replaced(&body.to_string())).unwrap_or_default();
    let Route::Served(operation, params) = route(at, &text.method, &path)? else {
        return Err(Error::new(
            ErrorKind::UnknownOperationException,
            format!("call {at}: there is no operation {} {}", Excerpt(&text.method), Excerpt(&path)),
        ));
    };
    if operation == Operation::CreateIntegrationAssociation && !associates {
        // Applications may be deleted meanwhile.
        let message = "a placeholder must not make the path of an operation";
        return Err(Error::invalid_parameter(message).in_call(at, operation));
    }
    let unparsed = Unparsed { params: &params, query: query.as_deref(), body: body.as_bytes(), user_request: None };
    let done = in_change_set(cx, instance, operation, &unparsed, password);
    let answer = done.map_err(|error| error.in_call(at, operation))?;
    let answer = match answer.is_empty() {
        true => Value::Object(serde_json::Map::new()),
        false => serde_json::from_slice(&answer).map_err(|error| Error::internal(error.to_string()))?,
    };
    for (placeholder, member) in &text.makes {
        let Some(id) = answer.get(member).and_then(Value::as_str) else {
            return Err(Error::invalid_parameter(format!(
                "call {at} ({}): member `makes` names `{}`, which its answer has not",
                operation.name(),
                Excerpt(member)
            )));
        };
        made.define(placeholder, id);
    }
    Ok(answer)
}
