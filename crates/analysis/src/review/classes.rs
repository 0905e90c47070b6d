//! People with the same security profiles, and the same hierarchy group where that matters, have the same access.

use std::collections::HashMap;

use lanyard_engine::{Compiled, Principal, UnknownParts};
use lanyard_model::resources::{AiAgent, User};
use lanyard_model::{Change, Directory, Id, Kind, Resource};

use crate::provisional::provisional;

/// The properties of a principal that decide its access, apart from access to what is its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Basis {
    pub(super) is_agent: bool,
    /// The profiles, sorted.
    pub(super) profiles: Vec<Id>,
    /// The group, where the profiles make it matter.
    pub(super) group: Option<Id>,
}

/// People with the same basis.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) basis: Basis,
    /// The places of the people among the principals.
    pub(super) members: Vec<usize>,
}

/// A principal of the state.
#[derive(Clone, Copy)]
pub(super) enum Someone<'a> {
    User(&'a User),
    AiAgent(&'a AiAgent),
}

impl<'a> Someone<'a> {
    fn profiles(self) -> &'a [Id] {
        match self {
            Self::User(user) => &user.security_profile_ids,
            Self::AiAgent(agent) => &agent.security_profile_ids,
        }
    }

    fn group(self) -> Option<&'a Id> {
        match self {
            Self::User(user) => user.hierarchy_group_id.as_ref(),
            Self::AiAgent(_) => None,
        }
    }
}

/// Every user and AI agent, in the order of identifiers.
pub(super) fn everyone(directory: &Directory) -> Vec<Someone<'_>> {
    let users = directory.users.values().map(|user| Someone::User(user));
    users.chain(directory.ai_agents.values().map(|agent| Someone::AiAgent(agent))).collect()
}

/// Whether a profile makes the principal's own group matter.
fn reads_own_group(directory: &Directory, unknown_parts: &UnknownParts, id: &Id) -> bool {
    let Some(profile) = directory.security_profiles.get(id) else { return true };
    let has_group = profile.allowed_access_control_hierarchy_group_id.as_ref().is_some_and(|id| *id != Id::new(""));
    let by_own = !has_group && profile.hierarchy_restricted_resources.iter().any(|name| name == "User");
    by_own
        || profile.permissions.iter().any(|name| name == "RestrictContactAccessByHierarchy.View")
        || unknown_parts.restrictions.contains(id)
        || unknown_parts.permissions.contains(id)
}

/// The classes of the principals. `individual` makes a class of each person.
pub(super) fn classes(
    directory: &Directory,
    unknown_parts: &UnknownParts,
    everyone: &[Someone<'_>],
    individual: bool,
) -> Vec<Class> {
    let own: HashMap<&Id, bool> =
        directory.security_profiles.keys().map(|id| (id, reads_own_group(directory, unknown_parts, id))).collect();
    let mut places: HashMap<Basis, usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    for (at, someone) in everyone.iter().enumerate() {
        let mut profiles = someone.profiles().to_vec();
        profiles.sort_unstable();
        profiles.dedup();
        let matters = profiles.iter().any(|id| own.get(id).copied().unwrap_or(true));
        let group = someone.group().filter(|_| matters).cloned();
        let basis = Basis { is_agent: matches!(someone, Someone::AiAgent(_)), profiles, group };
        let place = match places.get(&basis) {
            Some(place) if !individual => *place,
            _ => {
                places.insert(basis.clone(), classes.len());
                classes.push(Class { basis, members: Vec::new() });
                classes.len() - 1
            }
        };
        if let Some(class) = classes.get_mut(place) {
            class.members.push(at);
        }
    }
    classes
}

/// A state with a principal for each basis that is asked about. They are no resources of the state.
pub(super) struct Trial<'a> {
    directory: &'a Directory,
    pub(super) compiled: Compiled,
    names: HashMap<Basis, String>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(directory: &'a Directory, compiled: &Compiled) -> Self {
        Self { directory, compiled: compiled.clone(), names: HashMap::new() }
    }

    /// The identifier of the principal with this basis.
    pub(super) fn name(&mut self, basis: &Basis) -> String {
        if let Some(name) = self.names.get(basis) {
            return name.clone();
        }
        let id = self.free_id(basis.is_agent);
        let security_profile_ids = basis.profiles.clone();
        let principal = if basis.is_agent {
            Resource::from(AiAgent { arn: id.to_string(), security_profile_ids })
        } else {
            Resource::from(user(id.clone(), security_profile_ids, basis.group.clone()))
        };
        self.compiled.apply(&[Change::Create(principal)]);
        self.names.insert(basis.clone(), id.to_string());
        id.to_string()
    }

    /// An identifier that nobody has, neither as identifier nor as name.
    fn free_id(&self, is_agent: bool) -> Id {
        let kind = if is_agent { Kind::AiAgent } else { Kind::User };
        let is_taken = |id: &Id| {
            self.directory.get(kind, id).is_some() || self.directory.find_name(Kind::User, &id.to_string()).is_some()
        };
        let numbers = self.names.len()..;
        let ids = numbers.map(|number| provisional(kind, &format!("under review {number}")));
        ids.into_iter().find(|id| !is_taken(id)).unwrap_or_else(|| Id::new("new:"))
    }
}

/// The principal of a question.
pub(super) fn principal(is_agent: bool, name: &str) -> Principal<'_> {
    if is_agent { Principal::AiAgent(name) } else { Principal::User(name) }
}

fn user(id: Id, security_profile_ids: Vec<Id>, hierarchy_group_id: Option<Id>) -> User {
    User {
        username: id.to_string(),
        id,
        identity_info: None,
        phone_config: None,
        channel_configs: Default::default(),
        directory_user_id: None,
        security_profile_ids,
        routing_profile_id: Id::new(""),
        hierarchy_group_id,
        tags: Default::default(),
        last_modified_time: Default::default(),
        last_modified_region: String::new(),
    }
}
