//! Promotion: the state of one instance (the source) in the names and identifiers of another (the target), as the
//! desired state of the target.
//!
//! Invariants: resources correspond by equal names, or by the map. A reference to a resource that the target does not
//! have is an error; it is never guessed and never left out silently. Members and kinds that are not promoted stay as
//! they are in the target.

mod map;
mod profile;
#[cfg(test)]
mod tests;
mod unmatched;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use lanyard_model::resources::{AiAgent, HierarchyGroup, User};
use lanyard_model::{Directory, Id, Key, Kind, Resource, Tags, into_shown, shown};

use crate::names::{group_path, name_of, name_of_id};
use crate::{Configuration, PORTABLE_KINDS, Place, provisional};

pub use map::{Map, Mapping};
pub use unmatched::unmatched;

/// A resource that the target does not have and that the map does not list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmapped {
    /// The place of the reference; `None` for a state that was not read from files.
    pub place: Option<Place>,
    /// The reference, and the missing entry of the map.
    pub message: String,
}

impl fmt::Display for Unmapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The state `desired` of another instance in the names, identifiers, ARNs, namespaces and tags of the target
/// `current`. Kinds that are not promoted are unknown in the result, so that
/// [`apply_desired_state`](crate::apply_desired_state()) leaves them as they are. The result also has notes on the
/// resources that only the target has and that stay.
///
/// # Errors
/// Every resource without a counterpart, in the order of the places.
pub fn promote(
    current: &Configuration,
    desired: &Configuration,
    map: &Map,
) -> Result<(Configuration, Vec<String>), Vec<Unmapped>> {
    let mut promoting = Promoting::new(current, desired, map);
    let mut keys = BTreeMap::new();
    let mut resources: BTreeMap<Key, Resource> = BTreeMap::new();
    let promoted =
        |kind: Kind| PORTABLE_KINDS.contains(&kind) && map.promoted.contains(&kind) && kind != Kind::Instance;
    for resource in desired.directory.iter().filter(|it| promoted(it.kind())) {
        let Some(to) = promoting.resource(&resource) else { continue };
        let (from, key) = (resource.key(), to.key());
        if resources.insert(key.clone(), to).is_some() {
            let (noun, name) = (key.kind.noun(), name_of(&desired.directory, &resource));
            promoting.fault(&from, "", format!("the {noun} `{name}` and another would be the same in the target"));
        }
        keys.insert(from, key);
    }
    let Promoting { mut unmapped, .. } = promoting;
    if !unmapped.is_empty() {
        unmapped.sort();
        unmapped.dedup();
        return Err(unmapped);
    }
    let notes = keep(current, map, &mut resources);
    let mut unknown_parts = desired.unknown_parts.clone();
    unknown_parts.kinds.extend(PORTABLE_KINDS.iter().filter(|kind| !promoted(**kind)));
    let renamed = |ids: &BTreeSet<Id>| -> BTreeSet<Id> {
        let key = |id: &Id| Key { kind: Kind::SecurityProfile, id: id.clone() };
        ids.iter().filter_map(|id| keys.get(&key(id))).map(|key| key.id.clone()).collect()
    };
    unknown_parts.restrictions = renamed(&desired.unknown_parts.restrictions);
    unknown_parts.tools = renamed(&desired.unknown_parts.tools);
    unknown_parts.permissions = renamed(&desired.unknown_parts.permissions);
    unknown_parts.tags = desired.unknown_parts.tags.iter().filter_map(|key| keys.get(key)).cloned().collect();
    let places = desired.places.renamed(&keys);
    let (stream, revision, time) =
        (current.directory.stream().clone(), desired.directory.revision(), desired.directory.time());
    let directory = Directory::load(stream, revision, time, resources.into_values());
    Ok((Configuration { directory, unknown_parts, places }, notes))
}

/// Adds the resources that only the target has and that stay, and returns notes on them.
fn keep(current: &Configuration, map: &Map, resources: &mut BTreeMap<Key, Resource>) -> Vec<String> {
    let mut notes = Vec::new();
    for kind in PORTABLE_KINDS.iter().filter(|kind| map.promoted.contains(kind)) {
        if map.deletes && matches!(kind, Kind::SecurityProfile | Kind::HierarchyGroup) {
            continue;
        }
        let is_only_in_target = |it: &Resource| it.kind() == *kind && !resources.contains_key(&it.key());
        let kept: Vec<Resource> = current.directory.iter().filter(is_only_in_target).collect();
        if *kind == Kind::SecurityProfile && !kept.is_empty() {
            let names: Vec<_> =
                kept.iter().map(|it| format!("`{}`", shown(&name_of(&current.directory, it)))).collect();
            notes.push(format!(
                "only the target has these security profiles, which stay as they are: {}",
                names.join(", ")
            ));
        }
        resources.extend(kept.into_iter().map(|it| (it.key(), it)));
    }
    notes
}

/// Finds counterparts, and collects resources without one.
struct Promoting<'a> {
    current: &'a Directory,
    desired: &'a Configuration,
    map: &'a Map,
    /// The resources of the target, by kind and folded name; `None` where the name is ambiguous.
    known: BTreeMap<(Kind, String), Option<Id>>,
    /// The groups of the target after the promotion, by path, each with the groups above it.
    groups: BTreeMap<String, (Id, Vec<Id>)>,
    namespaces: BTreeSet<&'a str>,
    agents: BTreeSet<&'a str>,
    unmapped: Vec<Unmapped>,
}

impl<'a> Promoting<'a> {
    fn new(current: &'a Configuration, desired: &'a Configuration, map: &'a Map) -> Self {
        let directory = &current.directory;
        let mut known: BTreeMap<(Kind, String), Option<Id>> = BTreeMap::new();
        for resource in directory.iter() {
            let name = (resource.kind(), resource.kind().names().fold(&name_of(directory, &resource)));
            known.entry(name).and_modify(|held| *held = None).or_insert_with(|| Some(resource.id()));
        }
        let profiles = || directory.security_profiles.values();
        let namespaces = profiles().flat_map(|it| &it.applications).filter_map(|it| it.namespace.as_deref());
        let allowed = profiles().flat_map(|it| &it.allowed_ai_agents).filter_map(|it| it.arn.as_deref());
        let holders = directory.ai_agents.values().map(|it| it.arn.as_str());
        let groups = directory.hierarchy_groups.values();
        let mut promoting = Self {
            current: directory,
            desired,
            map,
            known,
            groups: groups.map(|it| (group_path(directory, it), (it.id.clone(), it.ancestors.clone()))).collect(),
            namespaces: namespaces.collect(),
            agents: allowed.chain(holders).collect(),
            unmapped: Vec::new(),
        };
        promoting.plan_groups();
        promoting
    }

    /// Plans the new groups of the target, from the top, where groups are promoted.
    fn plan_groups(&mut self) {
        if !self.map.promoted.contains(&Kind::HierarchyGroup) {
            return;
        }
        let mut paths: Vec<String> = Vec::new();
        for group in self.desired.directory.hierarchy_groups.values() {
            let path = group_path(&self.desired.directory, group);
            paths.extend(match self.map.mapping(Kind::HierarchyGroup, &path) {
                Some(Mapping::LeftOut) => None,
                Some(Mapping::To(path)) => Some(path),
                None => Some(path),
            });
        }
        paths.sort_by_key(|path| path.matches('/').count());
        for path in paths.into_iter().filter(|path| !path.is_empty()) {
            if self.groups.contains_key(&path) {
                continue;
            }
            let above = match path.rsplit_once('/') {
                None => Some(Vec::new()),
                Some((above, _)) => {
                    self.groups.get(above).map(|(id, above)| [above.as_slice(), std::slice::from_ref(id)].concat())
                }
            };
            if let Some(above) = above {
                self.groups.insert(path.clone(), (provisional(Kind::HierarchyGroup, &path), above));
            }
        }
    }

    fn fault(&mut self, key: &Key, path: &str, message: String) {
        let place = self.desired.places.find(key, path).cloned();
        self.unmapped.push(Unmapped { place, message: into_shown(message) });
    }

    /// Reports that a resource has no counterpart, and the missing entry of the map.
    fn report_unmapped(&mut self, key: &Key, path: &str, (kind, name): (Kind, &str), to: &str) {
        let (member, noun) = (member(kind), kind.noun());
        let message = match to == name {
            true => {
                format!("the target has no {noun} `{name}`; map it to one of the target's under `{member}:` in the map")
            }
            false => format!("the {noun} `{name}` is mapped to `{to}`, which the target does not have"),
        };
        self.fault(key, path, message);
    }

    /// The resource in the target; `None` where it is left out, or has a reference without a counterpart.
    fn resource(&mut self, resource: &Resource) -> Option<Resource> {
        let key = resource.key();
        match resource {
            Resource::SecurityProfile(it) => self.profile(&key, it).map(Resource::from),
            Resource::AiAgent(it) => self.holder(&key, it).map(Resource::from),
            Resource::User(it) => self.user(&key, it).map(Resource::from),
            Resource::HierarchyGroup(it) => self.group(&key, it).map(Resource::from),
            Resource::HierarchyStructure(_) => Some(resource.clone()),
            // Of other kinds access depends only on the tags, and a plan does not create them.
            other => {
                let tags = self.tags(&key, "Tags", other.tags()?)?;
                let id = self.counterpart(&key, "", other.kind(), &name_of(&self.desired.directory, other))?;
                let mut target = self.current.get(other.kind(), &id)?;
                target.tags_mut()?.clone_from(&tags);
                Some(target)
            }
        }
    }

    /// The resource of the target with the name, or with the name that the map lists for it; `None` where it is left
    /// out, or missing, which is an error.
    fn counterpart(&mut self, key: &Key, path: &str, kind: Kind, name: &str) -> Option<Id> {
        let to = match self.map.mapping(kind, name) {
            Some(Mapping::LeftOut) => return None,
            Some(Mapping::To(to)) => to,
            None => name.to_owned(),
        };
        match self.known.get(&(kind, kind.names().fold(&to))) {
            Some(Some(id)) => Some(id.clone()),
            Some(None) => {
                self.fault(key, path, format!("`{to}` is the name of more than one {} of the target", kind.noun()));
                None
            }
            None => {
                self.report_unmapped(key, path, (kind, name), &to);
                None
            }
        }
    }

    /// The group of the target that a reference means. A group that is left out is an error, since the restriction to
    /// it would be lost.
    fn referenced_group(&mut self, key: &Key, path: &str, id: &Id) -> Option<Id> {
        let name = name_of_id(&self.desired.directory, Kind::HierarchyGroup, id);
        let to = match self.map.mapping(Kind::HierarchyGroup, &name) {
            Some(Mapping::LeftOut) => {
                let message = format!("the map leaves out the hierarchy group `{name}`, which is needed here");
                self.fault(key, path, message);
                return None;
            }
            Some(Mapping::To(to)) => to,
            None => name.clone(),
        };
        let group = self.groups.get(&to).map(|(id, _)| id.clone());
        if group.is_none() {
            self.report_unmapped(key, path, (Kind::HierarchyGroup, &name), &to);
        }
        group
    }

    fn group(&mut self, key: &Key, it: &HierarchyGroup) -> Option<HierarchyGroup> {
        let path = group_path(&self.desired.directory, it);
        let to = match self.map.mapping(Kind::HierarchyGroup, &path) {
            Some(Mapping::LeftOut) => return None,
            Some(Mapping::To(to)) => to,
            None => path.clone(),
        };
        let tags = self.tags(key, "Tags", &it.tags)?;
        let Some((id, ancestors)) = self.groups.get(&to).cloned() else {
            self.report_unmapped(key, "", (Kind::HierarchyGroup, &path), &to);
            return None;
        };
        let there = self.current.hierarchy_groups.get(&id);
        let name = there.map_or_else(|| last(&to).to_owned(), |there| there.name.clone());
        Some(HierarchyGroup { id, name, ancestors, tags, ..it.clone() })
    }

    /// The profile of the target that a principal is to hold.
    fn held_profile(&mut self, key: &Key, id: &Id) -> Option<Id> {
        let name = name_of_id(&self.desired.directory, Kind::SecurityProfile, id);
        let is_new = self.map.promoted.contains(&Kind::SecurityProfile)
            && self.desired.directory.security_profiles.contains_key(id);
        match self.map.mapping(Kind::SecurityProfile, &name) {
            Some(Mapping::LeftOut) => {
                // It is not promoted, but the target may have one of that name.
                let profile = self.known.get(&(Kind::SecurityProfile, name.clone())).cloned().flatten();
                if profile.is_none() {
                    let message = format!("the map leaves out the security profile `{name}`, which is held here");
                    self.fault(key, &format!("SecurityProfiles/{name}"), message);
                }
                profile
            }
            mapping if is_new => Some(self.id_of_profile(match mapping {
                Some(Mapping::To(to)) => to,
                _ => name,
            })),
            _ => self.counterpart(key, &format!("SecurityProfiles/{name}"), Kind::SecurityProfile, &name),
        }
    }

    fn held_profiles(&mut self, key: &Key, ids: &[Id]) -> Option<Vec<Id>> {
        let held: Vec<_> = ids.iter().map(|id| self.held_profile(key, id)).collect();
        held.into_iter().collect()
    }

    fn id_of_profile(&self, name: String) -> Id {
        let new = provisional(Kind::SecurityProfile, &name);
        self.known.get(&(Kind::SecurityProfile, name)).cloned().flatten().unwrap_or(new)
    }

    fn holder(&mut self, key: &Key, it: &AiAgent) -> Option<AiAgent> {
        let arn = self.agent(key, "", &it.arn)?;
        let mut security_profile_ids = self.held_profiles(key, &it.security_profile_ids)?;
        security_profile_ids.sort();
        security_profile_ids.dedup();
        Some(AiAgent { arn, security_profile_ids })
    }

    /// The AI agent of the target; `None` where it is left out or has no counterpart.
    fn agent(&mut self, key: &Key, path: &str, arn: &str) -> Option<String> {
        match self.map.mapping(Kind::AiAgent, arn) {
            Some(Mapping::To(to)) => Some(to),
            Some(Mapping::LeftOut) => None,
            None if self.agents.contains(arn) => Some(arn.to_owned()),
            None => {
                let message = format!(
                    "the target has no AI agent `{arn}`; add it under `AiAgents:` in the map, with itself where it is \
                     the same, or with `~` where it is left out"
                );
                self.fault(key, path, message);
                None
            }
        }
    }

    /// A promotion never creates users, and changes only the members of a user that access depends on.
    fn user(&mut self, key: &Key, it: &User) -> Option<User> {
        let id = self.counterpart(key, "", Kind::User, &it.username)?;
        let there = self.current.users.get(&id)?.as_ref().clone();
        let tags = self.tags(key, "Tags", &it.tags);
        let held = self.held_profiles(key, &it.security_profile_ids);
        let group = match &it.hierarchy_group_id {
            Some(group) => Some(self.referenced_group(key, "HierarchyGroup", group)?),
            None => None,
        };
        Some(User { security_profile_ids: held?, hierarchy_group_id: group, tags: tags?, ..there })
    }

    fn tags(&mut self, key: &Key, path: &str, tags: &Tags) -> Option<Tags> {
        match self.map.tags(tags) {
            Ok(tags) => Some(tags),
            Err((tag, value)) => {
                let message = format!(
                    "the map lists values of the tag `{tag}` and not the value `{value}`; add it under `Tags:`, \
                     `{tag}:` in the map, with itself where it is the same"
                );
                self.fault(key, &format!("{path}/{tag}"), message);
                None
            }
        }
    }
}

/// The member of a map's file with the names of a kind.
#[must_use]
pub fn member(kind: Kind) -> &'static str {
    match kind {
        Kind::SecurityProfile => "SecurityProfiles",
        Kind::HierarchyGroup => "HierarchyGroups",
        Kind::AiAgent => "AiAgents",
        Kind::User => "Users",
        Kind::Queue => "Queues",
        Kind::QuickConnect => "QuickConnects",
        Kind::RoutingProfile => "RoutingProfiles",
        Kind::HoursOfOperation => "HoursOfOperations",
        Kind::FlowModule => "FlowModules",
        Kind::DataTable => "DataTables",
        other => other.name(),
    }
}

/// The kinds whose names a map may list.
pub const MAPPED_KINDS: &[Kind] = &[
    Kind::SecurityProfile,
    Kind::HierarchyGroup,
    Kind::AiAgent,
    Kind::User,
    Kind::Queue,
    Kind::QuickConnect,
    Kind::RoutingProfile,
    Kind::HoursOfOperation,
    Kind::FlowModule,
    Kind::DataTable,
];

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}
