//! `POST /lanyard/v1/seed`: an instance of any size, from a few numbers.
//!
//! It is one transaction of a few large entries, written as CreateInstance writes, so it costs no thousands of calls and
//! is there whole or not at all. Quotas do not apply. Nobody in it has a password.

mod names;
mod random;
mod roles;
mod world;

use std::sync::Arc;

use lanyard_model::{Directory, Draft, Id, Kind, Resource, StreamId, Timestamp};
use lanyard_store::{Append, Position, Sealing};
use lanyard_wire::shapes::CreateInstanceRequest;
use lanyard_wire::{Input, UriParams};
use serde::{Deserialize, Serialize};

use crate::context::Call;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::operations::instances::{new_instance, register, serve};
use crate::service::{Reply, Service, provenance};
use crate::stream_writer::Tip;

/// How many resources are asked for at most: while as many are made, the server needs some 4 KB of memory for each.
const MOST: usize = 250_000;

/// How many resources an entry of the log carries at most, so that reading one back stays cheap.
const ENTRY: usize = 5_000;

/// The numbers of resources that the instance is to hold, in addition to those of every new one.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    /// The instance's alias.
    alias: Option<String>,
    /// The same number gives the same names and relations; identifiers are always new.
    seed: u64,
    users: usize,
    security_profiles: usize,
    hierarchy_groups: usize,
    queues: usize,
    routing_profiles: usize,
    quick_connects: usize,
    flow_modules: usize,
    ai_agents: usize,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            alias: None,
            seed: 1,
            users: 100,
            security_profiles: 20,
            hierarchy_groups: 20,
            queues: 20,
            routing_profiles: 10,
            quick_connects: 10,
            flow_modules: 5,
            ai_agents: 2,
        }
    }
}

/// How many there are in the instance, the built-in ones included.
#[derive(Serialize)]
struct Counts {
    users: usize,
    security_profiles: usize,
    hierarchy_groups: usize,
    hours_of_operation: usize,
    queues: usize,
    routing_profiles: usize,
    quick_connects: usize,
    flow_modules: usize,
    ai_agents: usize,
}

#[derive(Serialize)]
struct Answer {
    instance_id: String,
    instance_arn: String,
    counts: Counts,
    milliseconds: i64,
}

/// Makes an instance.
///
/// # Errors
/// When more is asked for than is made at a time, or an alias that is in use.
pub async fn run(service: &Service, call: &Call, request: Request) -> Result<Reply> {
    let environment = Arc::clone(&service.node.environment);
    let begun = environment.now();
    check(&request)?;
    let create = instance_request(request.alias.as_deref())?;
    let registry = service.node.registry(&call.scope).await?;

    let id = environment.new_id();
    let build = {
        let (environment, id, caller) = (Arc::clone(&environment), id.clone(), call.clone());
        let store = Arc::clone(&service.node.store);
        move || build(environment.as_ref(), store.sealing(), &caller, &create, &id, begun, &request)
    };
    let lost = |_| Error::internal("the seed's thread ended before it was done");
    let (appends, tip, alias) = tokio::task::spawn_blocking(build).await.map_err(lost)??;

    let (node, new, directory) = (Arc::clone(&service.node), id.clone(), Arc::clone(&tip.state));
    let writer = Arc::clone(&registry.writer);
    writer
        .write(provenance(call), move |_, draft, _, batch| {
            register(&registry, draft, batch, &new, alias.as_deref())?;
            batch.appends.extend(appends.iter().cloned());
            serve(&node, &registry, &new, &tip, batch);
            Ok(())
        })
        .await?;
    let answer = Answer {
        instance_id: id.to_string(),
        instance_arn: call.scope.instance_arn(&id),
        counts: counts(&directory),
        milliseconds: environment.now().millis_since(begun),
    };
    Ok(Reply { revision: Some(directory.revision()), ..Reply::json(&answer)? })
}

fn check(request: &Request) -> Result<()> {
    let sizes = [
        request.users,
        request.security_profiles,
        request.hierarchy_groups,
        request.queues,
        request.routing_profiles,
        request.quick_connects,
        request.flow_modules,
        request.ai_agents,
    ];
    let total = sizes.iter().fold(0_usize, |sum, size| sum.saturating_add(*size));
    if total > MOST {
        return Err(Error::invalid_parameter(format!(
            "{total} resources are asked for, at most {MOST} are made at a time"
        )));
    }
    if request.users > 0 && (request.routing_profiles == 0 || request.queues == 0) {
        return Err(Error::invalid_parameter(
            "member `users` needs at least one of `routing_profiles` and of `queues`: every user has a routing profile",
        ));
    }
    if request.routing_profiles > 0 && request.queues == 0 {
        return Err(Error::invalid_parameter("member `routing_profiles` needs at least one of `queues`"));
    }
    Ok(())
}

/// The instance as a client would ask for it, its alias checked against the API model.
fn instance_request(alias: Option<&str>) -> Result<CreateInstanceRequest> {
    let mut body = serde_json::json!({
        "IdentityManagementType": "CONNECT_MANAGED",
        "InboundCallsEnabled": true,
        "OutboundCallsEnabled": true,
    });
    if let (Some(alias), Some(members)) = (alias, body.as_object_mut()) {
        members.insert("InstanceAlias".to_owned(), alias.into());
    }
    CreateInstanceRequest::from_request(&UriParams::default(), None, body.to_string().as_bytes())
        .map_err(|error| Error::invalid_parameter(error.to_string()))
}

type Built = (Vec<Append>, Tip<Directory>, Option<String>);

/// The entries of the instance's stream, and the state that they lead to.
fn build(
    environment: &dyn Environment,
    sealing: &Sealing,
    call: &Call,
    create: &CreateInstanceRequest,
    id: &Id,
    now: Timestamp,
    request: &Request,
) -> Result<Built> {
    let draft = new_instance(environment, call, create, id, now)?;
    let position = Position::origin(draft.stream());
    let mut entries = Entries { draft, position, sealing, call, now, waiting: 0, appends: Vec::new() };
    world::World::new(environment, call, now, request).make(&mut entries)?;
    entries.close()?;
    let Entries { draft, position, appends, .. } = entries;
    let tip = Tip { state: Arc::new(draft.directory().clone()), position };
    Ok((appends, tip, create.instance_alias.clone()))
}

/// Resources on their way into entries of a bearable size.
pub(super) struct Entries<'a> {
    draft: Draft,
    /// The place of the last entry.
    position: Position,
    sealing: &'a Sealing,
    call: &'a Call,
    now: Timestamp,
    waiting: usize,
    appends: Vec<Append>,
}

impl Entries<'_> {
    pub(super) fn put(&mut self, resource: impl Into<Resource>) -> Result<()> {
        self.draft.put(resource)?;
        self.waiting += 1;
        if self.waiting == ENTRY {
            self.close()?;
        }
        Ok(())
    }

    fn directory(&self) -> &Directory {
        self.draft.directory()
    }

    /// Ends the entry, and begins the next on what it leads to.
    fn close(&mut self) -> Result<()> {
        let stream: StreamId = self.draft.stream().clone();
        let draft = std::mem::replace(&mut self.draft, Draft::new(Directory::empty(stream.clone())));
        let (changes, directory) = draft.finish(self.now);
        let append =
            Append::new(self.sealing, &stream, &self.position, provenance(self.call).entry(self.now, changes))?;
        self.position = append.position();
        self.appends.push(append);
        self.draft = Draft::new(directory);
        self.waiting = 0;
        Ok(())
    }
}

fn counts(directory: &Directory) -> Counts {
    let count = |kind| directory.count(kind);
    Counts {
        users: count(Kind::User),
        security_profiles: count(Kind::SecurityProfile),
        hierarchy_groups: count(Kind::HierarchyGroup),
        hours_of_operation: count(Kind::HoursOfOperation),
        queues: count(Kind::Queue),
        routing_profiles: count(Kind::RoutingProfile),
        quick_connects: count(Kind::QuickConnect),
        flow_modules: count(Kind::FlowModule),
        ai_agents: count(Kind::AiAgent),
    }
}

#[cfg(test)]
mod tests;
