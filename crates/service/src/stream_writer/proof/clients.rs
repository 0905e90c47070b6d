//! Clients that call operations and note what they were answered, and another node that writes to the same streams.

use std::sync::{Arc, Mutex};

use lanyard_model::resources::{HoursOfOperation, RegisteredApplication, RegisteredType, SecurityProfile};
use lanyard_model::{Draft, Entry, Id, Kind, Resource, Scope, StreamId, Timestamp};
use lanyard_store::Append;
use lanyard_wire::appintegrations::shapes::DeleteApplicationRequest;
use lanyard_wire::shapes::CreateSecurityProfileResponse;
use lanyard_wire::{ErrorKind, Route};

use super::{Random, World};
use crate::context::{Call, Caller, Write};
use crate::error::{Error, Result};
use crate::operations::applications::delete_application;
use crate::operations::dispatch;
use crate::service::{Reply, Service, Unparsed};
use lanyard_authn::Credential;

const REGIONS: [&str; 2] = ["eu-west-2", "us-east-1"];
const CLIENTS: usize = 5;
const CALLS: usize = 8;

/// The application that instances are associated with.
pub(super) const ASSOCIATED: u128 = 78;

/// The purpose of a call.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    CreateInstance {
        alias: String,
    },
    DeleteInstance {
        instance: Id,
    },
    CreateProfile {
        instance: Id,
        name: String,
    },
    /// Adds one to a number that the instance's first profile carries.
    Count {
        instance: Id,
    },
    /// Adds one to a number that an application of the registry carries.
    CountInRegistry,
    DeleteProfile {
        instance: Id,
        profile: Id,
    },
    CreateUser {
        instance: Id,
        name: String,
    },
    /// Reads the revision that is published.
    Read {
        instance: Id,
    },
    /// Registers the application, unless it is.
    Register,
    /// Deletes the application, and its associations where `force` says so.
    Unregister {
        force: bool,
    },
    /// Associates the instance with the application.
    Associate {
        instance: Id,
    },
}

/// A call and its answer.
pub(super) struct Made {
    pub(super) wanted: Wanted,
    pub(super) scope: Scope,
    pub(super) request_id: String,
    /// How many entries the store had before the call, and after its answer.
    pub(super) began: usize,
    pub(super) ended: usize,
    /// When it was called and when it was answered, among all calls and answers.
    pub(super) called: u64,
    pub(super) answered: u64,
    pub(super) answer: Result<Answer>,
}

/// The content of an acknowledgement.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) revision: Option<u64>,
    /// The number after a count; the published revision after a read.
    pub(super) number: Option<u64>,
}

impl Made {
    pub(super) fn is_acknowledged(&self) -> bool {
        self.answer.is_ok() && !matches!(self.wanted, Wanted::Read { .. })
    }

    /// The kind of the refusal.
    pub(super) fn refusal(&self) -> Option<ErrorKind> {
        self.answer.as_ref().err().map(|error| error.kind_for(None))
    }
}

/// Clients at work.
pub(super) struct Clients {
    tasks: tokio::task::JoinSet<()>,
    calls: Arc<Mutex<Vec<Made>>>,
}

impl Clients {
    /// Whether every call was answered.
    pub(super) fn are_done(&self) -> bool {
        self.calls.lock().unwrap().len() == CLIENTS * CALLS
    }

    pub(super) async fn finish(mut self) -> Vec<Made> {
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

pub(super) fn start(world: &Arc<World>, random: &mut Random) -> Clients {
    let mut clients = Clients { tasks: tokio::task::JoinSet::new(), calls: Arc::default() };
    let instances: Arc<Mutex<Vec<(Scope, Id)>>> = Arc::default();
    for client in 0..CLIENTS {
        let (world, calls, instances) = (Arc::clone(world), Arc::clone(&clients.calls), Arc::clone(&instances));
        let mut random = Random(random.next());
        clients.tasks.spawn(async move {
            for number in 0..CALLS {
                let region = REGIONS[random.below(2)];
                let scope = Scope { account: "123456789012".into(), region: region.into() };
                let node = Arc::clone(&world.nodes[random.below(world.nodes.len())]);
                let (scope, wanted) = choose(&node, &mut random, &instances, scope);
                let request_id = format!("{client}-{number}");
                let (began, called) = (world.memory.len(), world.tick());
                let answer = run(&node, &scope, &wanted, &request_id).await;
                if let (Wanted::CreateInstance { .. }, Ok((_, Some(made)))) = (&wanted, &answer) {
                    instances.lock().unwrap().push((scope.clone(), made.clone()));
                }
                let answer = answer.map(|(answer, _)| answer);
                let (ended, answered) = (world.memory.len(), world.tick());
                let made = Made { wanted, scope, request_id, began, ended, called, answered, answer };
                calls.lock().unwrap().push(made);
                for _ in 0..random.below(3) {
                    tokio::task::yield_now().await;
                }
            }
        });
    }
    clients
}

fn choose(node: &Service, random: &mut Random, instances: &Mutex<Vec<(Scope, Id)>>, scope: Scope) -> (Scope, Wanted) {
    let instances = instances.lock().unwrap();
    let name = |random: &mut Random| format!("name-{}", random.below(3));
    let alias = format!("alias-{}", random.below(4));
    if instances.is_empty() || random.below(10) < 2 {
        return (scope, Wanted::CreateInstance { alias });
    }
    let (place, instance) = instances[random.below(instances.len())].clone();
    let wanted = match random.below(16) {
        0 => Wanted::DeleteInstance { instance },
        1 | 2 => Wanted::CreateProfile { instance, name: name(random) },
        3 => Wanted::DeleteProfile { profile: profile(node, &instance, &name(random)), instance },
        4 | 5 => Wanted::CreateUser { instance, name: name(random) },
        6 | 7 => return (scope, Wanted::CountInRegistry),
        12 => return (scope, Wanted::Register),
        13 => return (scope, Wanted::Unregister { force: random.below(2) == 0 }),
        14 | 15 => Wanted::Associate { instance },
        8 => Wanted::Read { instance },
        _ => Wanted::Count { instance },
    };
    (place, wanted)
}

/// The profile that has the name, or one that does not exist.
fn profile(node: &Service, instance: &Id, name: &str) -> Id {
    let served = node.node.instance_in_memory(instance);
    let named = served.and_then(|it| it.writer.read().find_name(Kind::SecurityProfile, name).cloned());
    named.unwrap_or_else(|| Id::from_uuid(5))
}

async fn run(service: &Service, scope: &Scope, wanted: &Wanted, request_id: &str) -> Result<(Answer, Option<Id>)> {
    let call = |operation| Call {
        caller: Caller::Key(Arc::new(Credential::from_argument("key:secret").unwrap())),
        scope: scope.clone(),
        request_id: request_id.to_owned(),
        operation,
    };
    let answered = |reply: &Reply| Answer { revision: reply.revision, number: None };
    let json = |reply: &Reply| serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap_or_default();
    match wanted {
        Wanted::CreateInstance { alias } => {
            let body = serde_json::json!({
                "IdentityManagementType": "SAML", "InstanceAlias": alias,
                "InboundCallsEnabled": true, "OutboundCallsEnabled": false,
            });
            let reply = api(service, &call("CreateInstance"), "PUT", "/instance", &body).await?;
            let id = Id::new(json(&reply)["Id"].as_str().unwrap());
            // A client that lists an instance can use it.
            if let Err(error) = service.node.instance(scope, &id).await
                && error.is_not_found()
            {
                panic!("an acknowledged instance is not served: {error:?}");
            }
            Ok((Answer { revision: None, number: None }, Some(id)))
        }
        Wanted::DeleteInstance { instance } => {
            let path = format!("/instance/{instance}");
            let reply = api(service, &call("DeleteInstance"), "DELETE", &path, &serde_json::Value::Null).await?;
            Ok((answered(&reply), None))
        }
        Wanted::CreateProfile { instance, name } => {
            let path = format!("/security-profiles/{instance}");
            let body = serde_json::json!({ "SecurityProfileName": name });
            Ok((answered(&api(service, &call("CreateSecurityProfile"), "PUT", &path, &body).await?), None))
        }
        Wanted::DeleteProfile { instance, profile } => {
            let path = format!("/security-profiles/{instance}/{profile}");
            let reply = api(service, &call("DeleteSecurityProfile"), "DELETE", &path, &serde_json::Value::Null).await?;
            Ok((answered(&reply), None))
        }
        Wanted::CreateUser { instance, name } => {
            let state = service.node.instance(scope, instance).await?.writer.read();
            // An instance that no client deletes.
            let is_built_in = |it: &Resource| it.name().is_none_or(|name| !name.starts_with("name-"));
            let first =
                |kind| state.iter().find(|it| it.kind() == kind && is_built_in(it)).map(|it| it.id().to_string());
            let body = serde_json::json!({
                "Username": name, "IdentityInfo": { "FirstName": "A", "LastName": "B" },
                "PhoneConfig": { "PhoneType": "SOFT_PHONE" },
                "SecurityProfileIds": [first(Kind::SecurityProfile)], "RoutingProfileId": first(Kind::RoutingProfile),
            });
            let path = format!("/users/{instance}");
            Ok((answered(&api(service, &call("CreateUser"), "PUT", &path, &body).await?), None))
        }
        Wanted::Count { instance } => {
            let reply = service
                .write_in(&call("Count"), instance, |cx| {
                    let first = cx.hours_of_operation.values().next().cloned();
                    let mut it = HoursOfOperation::clone(&*first.ok_or_else(|| Error::not_found("hours", "-"))?);
                    it.description = Some((number(it.description.as_deref()) + 1).to_string());
                    let text = it.description.clone();
                    cx.put(it)?;
                    Ok(counted(text))
                })
                .await?;
            let number = Some(number(json(&reply)["SecurityProfileId"].as_str()));
            Ok((Answer { revision: reply.revision, number }, None))
        }
        Wanted::CountInRegistry => {
            let reply = service
                .write_in_registry(&call("CountInRegistry"), |cx| {
                    let id = Id::from_uuid(77);
                    let before = cx.registered_applications.get(&id).map(|it| RegisteredApplication::clone(it));
                    let mut it = before.unwrap_or_else(|| application(&id));
                    it.description = Some((number(it.description.as_deref()) + 1).to_string());
                    let text = it.description.clone();
                    cx.put(it)?;
                    Ok(counted(text))
                })
                .await?;
            let number = Some(number(json(&reply)["SecurityProfileId"].as_str()));
            Ok((Answer { revision: None, number }, None))
        }
        Wanted::Register => {
            let register = |cx: &mut Write<'_>| {
                let id = Id::from_uuid(ASSOCIATED);
                if cx.registered_applications.contains_key(&id) {
                    return Err(Error::duplicate("there is the application"));
                }
                cx.put(RegisteredApplication { name: "b".into(), namespace: "b".into(), ..application(&id) })?;
                Ok(counted(None))
            };
            let reply = service.write_in_registry(&call("Register"), register).await?;
            Ok((answered(&reply), None))
        }
        Wanted::Unregister { force } => {
            let arn = scope.application_arn(&Id::from_uuid(ASSOCIATED));
            let input = DeleteApplicationRequest { arn, force: Some(*force) };
            let reply = delete_application(service, &call("DeleteApplication"), &input).await?;
            Ok((answered(&reply), None))
        }
        Wanted::Associate { instance } => {
            let body = serde_json::json!({
                "IntegrationType": "APPLICATION",
                "IntegrationArn": scope.application_arn(&Id::from_uuid(ASSOCIATED)),
            });
            let path = format!("/instance/{instance}/integration-associations");
            let call = call("CreateIntegrationAssociation");
            Ok((answered(&api(service, &call, "PUT", &path, &body).await?), None))
        }
        Wanted::Read { instance } => {
            let state = service.node.instance(scope, instance).await?.writer.read();
            Ok((Answer { revision: None, number: Some(state.revision()) }, None))
        }
    }
}

async fn api(service: &Service, call: &Call, method: &str, path: &str, body: &serde_json::Value) -> Result<Reply> {
    let Ok(Route::Served(operation, params)) = lanyard_wire::route(method, path) else { panic!("{method} {path}") };
    let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
    let unparsed = Unparsed { params: &params, query: None, body: &body, user_request: None };
    dispatch(service, operation, call, &unparsed).await
}

/// The answer of a count, in a shape that has a text.
fn counted(text: Option<String>) -> CreateSecurityProfileResponse {
    CreateSecurityProfileResponse { security_profile_id: text, ..Default::default() }
}

pub(super) fn number(text: Option<&str>) -> u64 {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn application(id: &Id) -> RegisteredApplication {
    serde_json::from_value(serde_json::json!({
        "id": id, "name": "a", "namespace": "a", "application_type": RegisteredType::Standard,
        "created": 0, "last_modified_time": 0, "last_modified_region": "eu-west-2",
    }))
    .unwrap()
}

/// Now and then another node writes to an instance, or to a registry.
pub(super) fn other_node(world: &World, random: &mut Random) {
    if random.below(12) > 0 {
        return;
    }
    let streams = world.memory.all_streams();
    let Some(stream) = streams.get(random.below(streams.len())) else { return };
    let Some(loaded) = world.memory.state(stream) else { return };
    let time = Timestamp(loaded.directory.time().0 + 1);
    let mut draft = Draft::new(loaded.directory.clone());
    if let StreamId::Instance(_) = stream {
        let name = format!("name-{}", random.below(3));
        let first = loaded.directory.security_profiles.values().next().cloned();
        let Some(first) = first else { return };
        let id = Id::from_uuid(u128::from(random.next()));
        // The name may be taken: then the other node writes nothing.
        if draft.put(SecurityProfile { id, name, ..SecurityProfile::clone(&first) }).is_err() {
            return;
        }
    }
    let entry = Entry {
        time,
        actor: "another node".into(),
        operation: "Other".into(),
        request_id: "other".into(),
        changes: draft.finish(time).0,
        erasure: None,
    };
    let append = Append::new(&lanyard_store::Sealing::default(), stream, &loaded.position(), entry).unwrap();
    world.memory.apply(&[append]).unwrap();
}
