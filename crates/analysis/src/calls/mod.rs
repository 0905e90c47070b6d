//! The calls of the Amazon Connect API that make changes.
//!
//! The same calls are one write at a Lanyard server, and one after another at Amazon. Invariants: in the order of the
//! calls, every reference exists when it is used, and every change that no call can make is reported.

mod batches;
mod hierarchy;
mod passwords;
mod placeholders;
mod security_profile;
mod tags;
#[cfg(test)]
mod tests;
mod user;

use std::collections::BTreeMap;
use std::fmt;

use lanyard_model::resources::{AiAgent, IntegrationAssociation};
use lanyard_model::{Change, Id, Key, Kind, Resource, Scope, into_shown, shown};
use lanyard_wire::{Input, ServiceOperation, shapes};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::is_unnamed;
pub use batches::{MOST_BYTES, MOST_CALLS, batches, in_change_set, with_made};
pub use passwords::{Passwords, give_passwords, users_without_password};
use placeholders::Placeholders;

/// One call of the API, as its HTTP request, in the form of a change-set's member (`docs/admin-api.md`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The operation, such as `UpdateSecurityProfile`; for readers, since the path implies it.
    pub operation: String,
    /// The resource that it changes.
    pub resource: Key,
    /// The HTTP method.
    pub method: String,
    /// The path, percent-encoded.
    pub path: String,
    /// The query, percent-encoded, without `?`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// From a placeholder of a future identifier to the member of this call's answer that replaces it in later calls.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub makes: BTreeMap<String, String>,
}

/// A change that no call of the API can make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inexpressible {
    /// The resource.
    pub key: Key,
    /// The obstacle, and an alternative.
    pub what: String,
}

impl fmt::Display for Inexpressible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.key.kind.noun(), shown(&self.key.id.to_string()), self.what)
    }
}

/// The phase of a call: resources are created before their use, and deleted after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    MoreLevels,
    /// Groups of a level, from the top.
    Groups(usize),
    Profiles,
    Holders,
    Others,
    DeleteHolders,
    DeleteProfiles,
    /// Groups, from the bottom: the distance to the lowest level.
    DeleteGroups(usize),
    FewerLevels,
}

/// Collects calls.
struct Writer<'a> {
    scope: &'a Scope,
    instance: String,
    instance_id: &'a Id,
    calls: Vec<(Phase, Call)>,
    inexpressible: Vec<Inexpressible>,
}

/// The calls that make `changes` to an instance. A new resource may have any unique identifier,
/// also a [provisional](crate::provisional) one; `makes` of the calls names the member with the identifier that the
/// service gives.
///
/// # Errors
/// All changes that no call can make.
pub fn calls(scope: &Scope, instance: &Id, changes: &[Change]) -> Result<Vec<Call>, Vec<Inexpressible>> {
    let mut writer = Writer {
        scope,
        instance: instance.to_string(),
        instance_id: instance,
        calls: Vec::new(),
        inexpressible: Vec::new(),
    };
    let placeholders = Placeholders::of(changes);
    for change in changes {
        if !writer.refuse_undetermined(change) {
            writer.change(&placeholders.put_into(change));
        }
    }
    if !writer.inexpressible.is_empty() {
        let named = |it: Inexpressible| Inexpressible { key: placeholders.key(it.key), ..it };
        return Err(writer.inexpressible.into_iter().map(named).collect());
    }
    // The sort is stable: within a phase the order is that of the changes.
    writer.calls.sort_by_key(|(phase, _)| *phase);
    Ok(writer.calls.into_iter().map(|(_, call)| placeholders.named(call)).collect())
}

impl Writer<'_> {
    /// Refuses a resource that is created under a name that the files do not determine, or that is to refer to another
    /// resource that they do not determine.
    fn refuse_undetermined(&mut self, change: &Change) -> bool {
        let Some(after) = change.after() else { return false };
        if change.before().is_none() && is_unnamed(&after.id()) {
            let noun = after.kind().noun();
            self.refuse(
                after.key(),
                format!("the files do not determine the name of this {noun}; give the parameters"),
            );
            return true;
        }
        let mut unknown = None;
        after.references(&mut |target| unknown = unknown.take().or(is_unnamed(&target.id).then_some(target.kind)));
        if let Some(kind) = unknown {
            let message =
                format!("it refers to a {} that the files do not determine; give the parameters", kind.noun());
            self.refuse(after.key(), message);
        }
        unknown.is_some()
    }

    fn change(&mut self, change: &Change) {
        match (change.before(), change.after()) {
            (None, Some(Resource::SecurityProfile(it))) => self.create_profile(it),
            (Some(Resource::SecurityProfile(from)), Some(Resource::SecurityProfile(to))) => {
                self.update_profile(from, to);
            }
            (Some(Resource::SecurityProfile(it)), None) => self.delete_profile(it),
            (None, Some(Resource::User(it))) => self.create_user(it),
            (Some(Resource::User(from)), Some(Resource::User(to))) => self.update_user(from, to),
            (Some(Resource::User(it)), None) => self.delete_user(it),
            (None, Some(Resource::HierarchyGroup(it))) => self.create_group(it),
            (Some(Resource::HierarchyGroup(from)), Some(Resource::HierarchyGroup(to))) => self.update_group(from, to),
            (Some(Resource::HierarchyGroup(it)), None) => self.delete_group(it),
            (from, to @ Some(Resource::HierarchyStructure(_))) | (from @ Some(Resource::HierarchyStructure(_)), to) => {
                self.update_structure(structure(from), structure(to));
            }
            (from, to @ Some(Resource::AiAgent(_))) | (from @ Some(Resource::AiAgent(_)), to) => {
                self.associate(agent(from), agent(to));
            }
            (None, Some(Resource::IntegrationAssociation(it))) => self.create_association(it),
            (Some(Resource::IntegrationAssociation(it)), None) => self.delete_association(it),
            (Some(from), Some(to)) => self.update_tags_alone(from, to),
            (None, Some(it)) => {
                self.refuse(it.key(), format!("a plan does not create a {}; create it first", it.kind().noun()));
            }
            (Some(it), None) => {
                self.refuse(it.key(), format!("a plan does not delete a {}; delete it separately", it.kind().noun()));
            }
            (None, None) => {}
        }
    }

    fn push(&mut self, phase: Phase, resource: Key, input: &impl Input) {
        self.make(phase, resource, input, BTreeMap::new());
    }

    /// A call whose answer has the identifier of the created resource in `member`.
    fn push_create(&mut self, phase: Phase, resource: Key, input: &impl Input, member: &str) {
        let makes = BTreeMap::from([(resource.id.to_string(), member.to_owned())]);
        self.make(phase, resource, input, makes);
    }

    fn make<I: Input>(&mut self, phase: Phase, resource: Key, input: &I, makes: BTreeMap<String, String>) {
        let parts = input.to_request();
        let call = Call {
            operation: I::OPERATION.name().to_owned(),
            resource,
            method: parts.method.to_owned(),
            path: parts.path,
            query: parts.query,
            body: parts.body.and_then(|body| serde_json::from_slice(&body).ok()),
            makes,
        };
        self.calls.push((phase, call));
    }

    fn refuse(&mut self, key: Key, what: impl Into<String>) {
        self.inexpressible.push(Inexpressible { key, what: into_shown(what.into()) });
    }

    /// The profiles that an AI agent holds: one call for the added ones, one for the removed ones.
    fn associate(&mut self, from: Option<&AiAgent>, to: Option<&AiAgent>) {
        let Some(agent) = to.or(from) else { return };
        let key = Key { kind: Kind::AiAgent, id: Id::new(&agent.arn) };
        let held = |agent: Option<&AiAgent>| agent.map(|it| it.security_profile_ids.clone()).unwrap_or_default();
        let (from, to) = (held(from), held(to));
        let only = |these: &[Id], those: &[Id]| -> Vec<shapes::SecurityProfileItem> {
            let only = these.iter().filter(|id| !those.contains(id));
            only.map(|id| shapes::SecurityProfileItem { id: Some(id.to_string()) }).collect()
        };
        let (gained, lost) = (only(&to, &from), only(&from, &to));
        if !gained.is_empty() {
            let input = shapes::AssociateSecurityProfilesRequest {
                instance_id: self.instance.clone(),
                security_profiles: gained,
                entity_type: shapes::EntityType::AiAgent,
                entity_arn: agent.arn.clone(),
            };
            self.push(Phase::Holders, key.clone(), &input);
        }
        if !lost.is_empty() {
            let input = shapes::DisassociateSecurityProfilesRequest {
                instance_id: self.instance.clone(),
                security_profiles: lost,
                entity_type: shapes::EntityType::AiAgent,
                entity_arn: agent.arn.clone(),
            };
            self.push(Phase::Holders, key, &input);
        }
    }

    fn create_association(&mut self, it: &IntegrationAssociation) {
        let input = shapes::CreateIntegrationAssociationRequest {
            instance_id: self.instance.clone(),
            integration_type: shapes::IntegrationType::from_wire(&it.integration_type),
            integration_arn: it.integration_arn.clone(),
            source_application_url: it.source_application_url.clone(),
            source_application_name: it.source_application_name.clone(),
            source_type: it.source_type.as_deref().map(shapes::SourceType::from_wire),
            tags: tags::some(&it.tags),
        };
        let key = Key { kind: Kind::IntegrationAssociation, id: it.id.clone() };
        self.push_create(Phase::Others, key, &input, "IntegrationAssociationId");
    }

    fn delete_association(&mut self, it: &IntegrationAssociation) {
        let input = shapes::DeleteIntegrationAssociationRequest {
            instance_id: self.instance.clone(),
            integration_association_id: it.id.to_string(),
        };
        self.push(Phase::Others, Key { kind: Kind::IntegrationAssociation, id: it.id.clone() }, &input);
    }
}

fn structure(resource: Option<&Resource>) -> Option<&lanyard_model::resources::HierarchyStructure> {
    match resource {
        Some(Resource::HierarchyStructure(it)) => Some(it),
        _ => None,
    }
}

fn agent(resource: Option<&Resource>) -> Option<&AiAgent> {
    match resource {
        Some(Resource::AiAgent(it)) => Some(it),
        _ => None,
    }
}
