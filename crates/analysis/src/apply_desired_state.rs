//! The state of an instance after it is brought to the desired state in files.
//!
//! Invariants: everything that the files do not contain, or that is unknown of either state, stays as it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use lanyard_model::resources::{SecurityProfile, User};
use lanyard_model::{Directory, Id, Key, Kind, Resource, StreamId};
use serde_json::Value;

use crate::names::name_of;
use crate::{Configuration, PORTABLE_KINDS, is_provisional, overlay, provisional, unnamed};

/// The files belong to another instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherInstance {
    /// The instance that the files describe.
    pub described: Id,
    /// The instance of the present state.
    pub current: Id,
}

impl fmt::Display for OtherInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { described, current } = self;
        write!(f, "the files describe the instance `{described}`, and the state to compare with is that of `{current}`")
    }
}

impl std::error::Error for OtherInstance {}

/// The state of `current` after it is brought to `desired`. A resource with a provisional identifier is the resource
/// of the same name, where `current` has one. Unknown restrictions and tools stay, and so do undescribed resources of
/// kinds that are not fully known.
///
/// # Errors
/// `desired` describes another instance.
pub fn apply_desired_state(current: &Configuration, desired: &Configuration) -> Result<Configuration, OtherInstance> {
    let [own, described] = [current, desired].map(|it| instance_of(&it.directory));
    if let (Some(current), Some(described)) = (own, described)
        && current != described
    {
        return Err(OtherInstance { described, current });
    }
    let mut notes = desired.unknown_parts.notes.clone();
    let mut renamed = renamed(&current.directory, &desired.directory);
    renamed.extend(groups_by_path(current, desired));
    let ids: HashMap<String, String> = renamed.iter().map(|(key, id)| (key.id.to_string(), id.to_string())).collect();
    let written: HashMap<&Id, &Id> =
        renamed.iter().filter(|(key, _)| key.kind == Kind::SecurityProfile).map(|(key, id)| (id, &key.id)).collect();
    let mut resources: BTreeMap<Key, Resource> = current.directory.iter().map(|it| (it.key(), it)).collect();
    let compared = |kind: Kind| {
        PORTABLE_KINDS.contains(&kind)
            && !desired.unknown_parts.kinds.contains(&kind)
            && !current.unknown_parts.kinds.contains(&kind)
    };
    // Described resources are compared although there may be more of their kind, which then stay. There may always be
    // more AI agents than the named ones, but the named ones are known.
    let taken = |it: &Resource| {
        let kind = it.kind();
        compared(kind)
            || kind == Kind::AiAgent
            || PORTABLE_KINDS.contains(&kind) && desired.unknown_parts.kinds.contains(&kind)
    };
    for kind in
        PORTABLE_KINDS.iter().filter(|kind| current.unknown_parts.kinds.contains(kind) && **kind != Kind::AiAgent)
    {
        if desired.directory.count(*kind) > 0 && !desired.unknown_parts.kinds.contains(kind) {
            notes.push(format!("{} resources of the present state are unknown, and are not compared", kind.noun()));
        }
    }
    let mut wanted: BTreeMap<Key, Resource> = BTreeMap::new();
    for resource in desired.directory.iter().filter(taken) {
        let was = resource.id();
        let resource = with_ids(resource, &renamed, &ids);
        let there = current.directory.get(resource.kind(), &resource.id());
        let resource = match (resource, &there) {
            (Resource::SecurityProfile(profile), Some(Resource::SecurityProfile(there))) => {
                unseen_from(profile.as_ref().clone(), there, desired, &was).into()
            }
            (Resource::User(user), Some(Resource::User(there))) => {
                known_group(user.as_ref().clone(), there, desired).into()
            }
            (resource, _) => resource,
        };
        let resource = match &there {
            Some(there) if desired.unknown_parts.tags.contains(&Key { kind: resource.kind(), id: was }) => {
                with_tags_of(&overlay(there, &resource), there)
            }
            Some(there) => overlay(there, &resource),
            None => resource,
        };
        wanted.insert(resource.key(), resource);
    }
    let wanted_keys: BTreeSet<Key> = wanted.keys().cloned().collect();
    // The instance itself is never created or deleted, and another service creates AI agents.
    resources.retain(|key, _| !compared(key.kind) || key.kind == Kind::Instance || wanted.contains_key(key));
    resources.extend(
        wanted
            .into_iter()
            .filter(|(key, _)| key.kind != Kind::Instance || current.directory.get(key.kind, &key.id).is_some()),
    );
    resources.retain(|_, it| !matches!(it, Resource::AiAgent(agent) if agent.security_profile_ids.is_empty()));
    let (stream, revision, time) =
        (current.directory.stream().clone(), current.directory.revision(), current.directory.time());
    let mut unknown_parts = current.unknown_parts.clone();
    let still = |id: &Id, of: &BTreeSet<Id>| {
        of.contains(written.get(id).copied().unwrap_or(id)) || !desired.directory.security_profiles.contains_key(id)
    };
    unknown_parts.restrictions.retain(|id| still(id, &desired.unknown_parts.restrictions));
    unknown_parts.tools.retain(|id| still(id, &desired.unknown_parts.tools));
    // The restrictions of a new profile are unknown where they are not described.
    let new = |id: &&Id| !current.directory.security_profiles.contains_key(*id);
    unknown_parts.restrictions.extend(desired.unknown_parts.restrictions.iter().filter(new).cloned());
    unknown_parts.tools.extend(desired.unknown_parts.tools.iter().filter(new).cloned());
    // Permissions and tags of existing resources that the files do not determine stay unknown after the change.
    let id_of = |key: Key| renamed.get(&key).cloned().unwrap_or(key.id);
    unknown_parts.permissions.retain(|id| {
        let key = Key { kind: Kind::SecurityProfile, id: id.clone() };
        !wanted_keys.contains(&key)
    });
    let of_profile = |id: &Id| id_of(Key { kind: Kind::SecurityProfile, id: id.clone() });
    unknown_parts.permissions.extend(desired.unknown_parts.permissions.iter().map(of_profile));
    let new_tags = desired.unknown_parts.tags.iter().map(|key| Key { kind: key.kind, id: id_of(key.clone()) });
    unknown_parts.tags.extend(new_tags.filter(|key| current.directory.get(key.kind, &key.id).is_none()));
    unknown_parts.notes.extend(notes.into_iter().filter(|note| !current.unknown_parts.notes.contains(note)));
    let directory = Directory::load(stream, revision, time, resources.into_values());
    Ok(Configuration { directory, unknown_parts, places: desired.places.clone() })
}

/// The instance of a state, where the state names it.
#[must_use]
pub fn instance_of(directory: &Directory) -> Option<Id> {
    match directory.stream() {
        StreamId::Instance(id) if !is_provisional(id) => Some(id.clone()),
        _ => directory.instances.keys().find(|id| !is_provisional(id)).cloned(),
    }
}

/// A profile with the undescribed members of the present one.
fn unseen_from(
    mut profile: SecurityProfile,
    there: &SecurityProfile,
    desired: &Configuration,
    described_as: &Id,
) -> SecurityProfile {
    // A declaration without a description leaves it as it is: the service never removes one.
    if profile.description.is_none() && desired.unknown_parts.kinds.contains(&Kind::SecurityProfile) {
        profile.description.clone_from(&there.description);
    }
    if desired.unknown_parts.permissions.contains(described_as) {
        profile.permissions.extend(there.permissions.iter().cloned());
        profile.permissions.sort_unstable();
        profile.permissions.dedup();
    }
    if desired.unknown_parts.restrictions.contains(described_as) {
        profile.allowed_access_control_tags.clone_from(&there.allowed_access_control_tags);
        profile.tag_restricted_resources.clone_from(&there.tag_restricted_resources);
        profile.hierarchy_restricted_resources.clone_from(&there.hierarchy_restricted_resources);
        profile.allowed_access_control_hierarchy_group_id.clone_from(&there.allowed_access_control_hierarchy_group_id);
        profile.primary_attribute_values.clone_from(&there.primary_attribute_values);
    }
    if profile.allowed_access_control_hierarchy_group_id.as_ref().is_some_and(|group| is_unseen_group(group, desired)) {
        profile.allowed_access_control_hierarchy_group_id.clone_from(&there.allowed_access_control_hierarchy_group_id);
    }
    if desired.unknown_parts.tools.contains(described_as) {
        profile.applications.clone_from(&there.applications);
        profile.allowed_flow_modules.clone_from(&there.allowed_flow_modules);
        profile.allowed_ai_agents.clone_from(&there.allowed_ai_agents);
    }
    profile
}

/// The user with the present hierarchy group, where the files do not determine another.
fn known_group(mut user: User, there: &User, desired: &Configuration) -> User {
    if user.hierarchy_group_id.as_ref().is_some_and(|group| is_unseen_group(group, desired)) {
        user.hierarchy_group_id.clone_from(&there.hierarchy_group_id);
    }
    user
}

/// Whether a group is one of which the files have no more than a reference, and which the present state does not have.
fn is_unseen_group(group: &Id, desired: &Configuration) -> bool {
    *group == unnamed(Kind::HierarchyGroup, "")
        || (is_provisional(group)
            && desired.unknown_parts.kinds.contains(&Kind::HierarchyGroup)
            && !desired.directory.hierarchy_groups.contains_key(group))
}

/// The resource with the tags of the present one, in addition to its own.
fn with_tags_of(resource: &Resource, there: &Resource) -> Resource {
    let mut resource = resource.clone();
    if let (Some(own), Some(present)) = (resource.tags_mut(), there.tags()) {
        for (key, value) in present {
            own.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    resource
}

/// The identifiers of resources that have a provisional one in `desired` and exist in `current` under the same name.
fn renamed(current: &Directory, desired: &Directory) -> HashMap<Key, Id> {
    let provisional: Vec<Resource> = desired.iter().filter(|it| is_provisional(&it.id())).collect();
    if provisional.is_empty() {
        return HashMap::new();
    }
    let folded = |directory: &Directory, it: &Resource| (it.kind(), it.kind().names().fold(&name_of(directory, it)));
    // The directory has an index of unique names. The other kinds are known by a display name.
    let is_indexed = |it: &Resource| it.name().is_some_and(|name| name == name_of(desired, it));
    let others: BTreeSet<Kind> = provisional.iter().filter(|it| !is_indexed(it)).map(Resource::kind).collect();
    let known: BTreeMap<(Kind, String), Id> = others
        .iter()
        .flat_map(|kind| current.iter().filter(move |it| it.kind() == *kind))
        .map(|it| (folded(current, &it), it.id()))
        .collect();
    let present = |it: &Resource| match it.name().filter(|_| !others.contains(&it.kind())) {
        Some(name) => current.find_name(it.kind(), name).cloned(),
        None => known.get(&folded(desired, it)).cloned(),
    };
    let renamed = provisional.iter().filter_map(|it| Some((it.key(), present(it)?)));
    renamed.filter(|(key, id)| desired.get(key.kind, id).is_none()).collect()
}

/// The identifiers of present groups by the provisional ones that files without a hierarchy have for their paths.
fn groups_by_path(current: &Configuration, desired: &Configuration) -> HashMap<Key, Id> {
    let (kind, has_hierarchy) = (Kind::HierarchyGroup, !desired.unknown_parts.kinds.contains(&Kind::HierarchyGroup));
    let groups = current.directory.iter().filter(|it| it.kind() == kind && !has_hierarchy);
    let by_path = groups.map(|it| (provisional(kind, &name_of(&current.directory, &it)), it.id()));
    let undescribed = by_path.filter(|(path, _)| !desired.directory.hierarchy_groups.contains_key(path));
    undescribed.map(|(id, present)| (Key { kind, id }, present)).collect()
}

/// The resource with identifiers in place of provisional ones, in itself and in its references. `ids` has the same
/// pairs as `renamed`, as strings.
fn with_ids(resource: Resource, renamed: &HashMap<Key, Id>, ids: &HashMap<String, String>) -> Resource {
    let mut touched = renamed.contains_key(&resource.key());
    resource.references(&mut |target| touched |= renamed.contains_key(&target));
    if !touched {
        return resource;
    }
    if let Resource::User(user) = &resource {
        return user_with_ids(user, renamed).into();
    }
    let Ok(mut value) = serde_json::to_value(&resource) else { return resource };
    substitute(&mut value, ids);
    serde_json::from_value(value).unwrap_or(resource)
}

/// The user with identifiers in place of provisional ones. There are more users than all other resources together, so
/// their members are replaced without a detour through JSON.
fn user_with_ids(user: &User, renamed: &HashMap<Key, Id>) -> User {
    let id = |kind: Kind, id: &Id| renamed.get(&Key { kind, id: id.clone() }).unwrap_or(id).clone();
    User {
        id: id(Kind::User, &user.id),
        security_profile_ids: user.security_profile_ids.iter().map(|it| id(Kind::SecurityProfile, it)).collect(),
        routing_profile_id: id(Kind::RoutingProfile, &user.routing_profile_id),
        hierarchy_group_id: user.hierarchy_group_id.as_ref().map(|it| id(Kind::HierarchyGroup, it)),
        ..user.clone()
    }
}

fn substitute(value: &mut Value, ids: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = ids.get(text) {
                text.clone_from(id);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|it| substitute(it, ids)),
        Value::Object(members) => members.values_mut().for_each(|it| substitute(it, ids)),
        _ => {}
    }
}
