//! The state of an instance after it is brought to the desired state in files.
//!
//! Invariants: everything that the files do not contain, or that is unknown of either state, stays as it is.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Id, Key, Kind, Resource, StreamId};
use serde_json::Value;

use crate::names::name_of;
use crate::{Configuration, PORTABLE_KINDS, is_provisional, overlay};

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
    let renamed = renamed(&current.directory, &desired.directory);
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
            (resource, _) => resource,
        };
        let resource = there.map_or_else(|| resource.clone(), |there| overlay(&there, &resource));
        wanted.insert(resource.key(), resource);
    }
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
    let still = |id: &Id, of: &std::collections::BTreeSet<Id>| {
        of.contains(written.get(id).copied().unwrap_or(id)) || !desired.directory.security_profiles.contains_key(id)
    };
    unknown_parts.restrictions.retain(|id| still(id, &desired.unknown_parts.restrictions));
    unknown_parts.tools.retain(|id| still(id, &desired.unknown_parts.tools));
    // The restrictions of a new profile are unknown where they are not described.
    let new = |id: &&Id| !current.directory.security_profiles.contains_key(*id);
    unknown_parts.restrictions.extend(desired.unknown_parts.restrictions.iter().filter(new).cloned());
    unknown_parts.tools.extend(desired.unknown_parts.tools.iter().filter(new).cloned());
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
    if desired.unknown_parts.restrictions.contains(described_as) {
        profile.allowed_access_control_tags.clone_from(&there.allowed_access_control_tags);
        profile.tag_restricted_resources.clone_from(&there.tag_restricted_resources);
        profile.hierarchy_restricted_resources.clone_from(&there.hierarchy_restricted_resources);
        profile.allowed_access_control_hierarchy_group_id.clone_from(&there.allowed_access_control_hierarchy_group_id);
        profile.primary_attribute_values.clone_from(&there.primary_attribute_values);
    }
    if desired.unknown_parts.tools.contains(described_as) {
        profile.applications.clone_from(&there.applications);
        profile.allowed_flow_modules.clone_from(&there.allowed_flow_modules);
        profile.allowed_ai_agents.clone_from(&there.allowed_ai_agents);
    }
    profile
}

/// The identifiers of resources that have a provisional one in `desired` and exist in `current` under the same name.
fn renamed(current: &Directory, desired: &Directory) -> BTreeMap<Key, Id> {
    let provisional: Vec<Resource> = desired.iter().filter(|it| is_provisional(&it.id())).collect();
    if provisional.is_empty() {
        return BTreeMap::new();
    }
    let folded = |directory: &Directory, it: &Resource| (it.kind(), it.kind().names().fold(&name_of(directory, it)));
    let known: BTreeMap<(Kind, String), Id> = current.iter().map(|it| (folded(current, &it), it.id())).collect();
    let renamed = provisional.iter().filter_map(|it| Some((it.key(), known.get(&folded(desired, it))?.clone())));
    renamed.filter(|(key, id)| desired.get(key.kind, id).is_none()).collect()
}

/// The resource with identifiers in place of provisional ones, in itself and in its references. `ids` has the same
/// pairs as `renamed`, as strings.
fn with_ids(resource: Resource, renamed: &BTreeMap<Key, Id>, ids: &HashMap<String, String>) -> Resource {
    let mut touched = renamed.contains_key(&resource.key());
    resource.references(&mut |target| touched |= renamed.contains_key(&target));
    if !touched {
        return resource;
    }
    let value = resource.to_json().ok().and_then(|json| serde_json::from_str::<Value>(&json).ok());
    let Some(mut value) = value else { return resource };
    substitute(&mut value, ids);
    Resource::from_json(resource.kind(), &value.to_string()).unwrap_or(resource)
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
