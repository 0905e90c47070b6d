//! A described world in the product's form: a [`Directory`] of whole resources.

use std::collections::BTreeMap;
use std::path::Path;

use lanyard_model::resources::{
    HierarchyGroup, HierarchyLevel, HierarchyStructure, HoursOfOperation, IdentityInfo, Instance, InstanceRecord,
    Queue, RoutingProfile, SecurityProfile, User,
};
use lanyard_model::{Change, Directory, Entry, Id, Resource, StreamId, Tags, Timestamp};
use lanyard_store::{Append, Position, Secret, SecretChange, Store as _};
use lanyard_store_sqlite::SqliteStore;

use crate::world::{self, Group, TYPES, TagSet, Tagged, Within, World};

const REGION: &str = "eu-west-2";
const NOW: Timestamp = Timestamp(1_750_000_000_000);

impl World {
    /// The directory of this world.
    #[must_use]
    pub fn directory(&self) -> Directory {
        Directory::load(StreamId::Instance(self.id.clone()), 1, NOW, self.resources())
    }

    /// Writes this world into an empty data directory, as a server would have left it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn store(&self, directory: &Path) -> anyhow::Result<()> {
        let scope = self.instance().scope();
        let record = InstanceRecord { id: self.id.clone(), alias: self.instance().alias };
        let appends = [
            (StreamId::registry(&scope.account, &scope.region), vec![Resource::from(record)]),
            (StreamId::Instance(self.id.clone()), self.resources()),
        ]
        .map(|(stream, resources)| {
            let entry = Entry {
                time: NOW,
                actor: "bench".to_owned(),
                operation: "Bench".to_owned(),
                request_id: "bench".to_owned(),
                changes: resources.into_iter().map(Change::Create).collect(),
            };
            // A registry has the key that signs its page tokens.
            let secrets = match stream {
                StreamId::Registry { .. } => {
                    vec![SecretChange { name: "page-token-key".to_owned(), value: Some(Secret::new(vec![1; 32])) }]
                }
                StreamId::Instance(_) => Vec::new(),
            };
            Append::new(&stream, &Position::origin(&stream), entry).map(|append| append.with_secrets(secrets))
        });
        let appends = appends.into_iter().collect::<Result<Vec<_>, _>>()?;
        let store = SqliteStore::open(directory)?;
        tokio::runtime::Builder::new_current_thread().build()?.block_on(store.append(appends))?;
        Ok(())
    }

    /// All resources, each after those that it refers to.
    fn resources(&self) -> Vec<Resource> {
        let hours = Id::new("00000000-0000-4000-8000-000000000001");
        let structure = HierarchyStructure { levels: ["Region", "Site", "Team"].map(level).into() };
        let first = self.queues.first().map_or_else(|| hours.clone(), |queue| queue.id.clone());
        [Resource::from(self.instance()), structure.into(), hours_of_operation(&hours).into()]
            .into_iter()
            .chain(self.groups.iter().enumerate().map(|(at, group)| self.group(at, group)))
            .chain(self.profiles.iter().enumerate().map(|(at, profile)| self.profile(at, profile)))
            .chain(self.queues.iter().enumerate().map(|(at, it)| queue(at, it, &hours)))
            .chain(self.routing_profiles.iter().enumerate().map(|(at, it)| routing_profile(at, it, &first)))
            .chain(self.users.iter().enumerate().map(|(at, user)| self.user(at, user)))
            .collect()
    }

    fn instance(&self) -> Instance {
        Instance {
            id: self.id.clone(),
            account: "123456789012".to_owned(),
            region: REGION.to_owned(),
            alias: Some("bench".to_owned()),
            identity_management_type: "CONNECT_MANAGED".to_owned(),
            directory_id: None,
            created: NOW,
            attributes: BTreeMap::new(),
            tags: Tags::new(),
        }
    }

    fn group(&self, at: usize, group: &Group) -> Resource {
        HierarchyGroup {
            id: group.id.clone(),
            name: format!("Group {at}"),
            ancestors: group.above.iter().filter_map(|at| self.groups.get(*at)).map(|group| group.id.clone()).collect(),
            tags: Tags::new(),
            last_modified_time: NOW,
            last_modified_region: REGION.to_owned(),
        }
        .into()
    }

    fn profile(&self, at: usize, profile: &world::Profile) -> Resource {
        let held = profile.bundles.iter().enumerate().filter_map(|(it, bundle)| Some(bundle.as_ref()?.actions(it)));
        let restricted = TYPES.iter().zip(profile.restricted).filter(|(_, is)| *is).map(|(it, _)| it.name.to_owned());
        let by_hierarchy = profile.within != Within::Anywhere;
        let group = match profile.within {
            Within::Group(at) => self.groups.get(at).map(|group| group.id.clone()),
            Within::Anywhere | Within::Own => None,
        };
        SecurityProfile {
            permissions: held.flatten().map(|&action| action.to_owned()).collect(),
            tags: tags(&profile.tags),
            allowed_access_control_tags: tags(&profile.required),
            tag_restricted_resources: restricted.collect(),
            hierarchy_restricted_resources: by_hierarchy.then(|| "User".to_owned()).into_iter().collect(),
            allowed_access_control_hierarchy_group_id: group,
            ..SecurityProfile::named(profile.id.clone(), &format!("Profile {at}"), NOW, REGION)
        }
        .into()
    }

    fn user(&self, at: usize, user: &world::User) -> Resource {
        let routing_profile = self.routing_profiles.get(at % self.routing_profiles.len().max(1));
        let profiles = user.profiles.iter().filter_map(|at| self.profiles.get(*at as usize));
        User {
            id: user.id.clone(),
            username: format!("agent{at:07}"),
            identity_info: Some(IdentityInfo {
                first_name: Some("Sam".to_owned()),
                last_name: Some(format!("Agent {at}")),
                email: Some(format!("agent{at:07}@example.com")),
                ..IdentityInfo::default()
            }),
            phone_config: None,
            channel_configs: Default::default(),
            directory_user_id: None,
            security_profile_ids: profiles.map(|profile| profile.id.clone()).collect(),
            routing_profile_id: routing_profile.map_or_else(|| user.id.clone(), |it| it.id.clone()),
            hierarchy_group_id: user.group.and_then(|at| self.groups.get(at)).map(|group| group.id.clone()),
            tags: tags(&user.tags),
            last_modified_time: NOW,
            last_modified_region: REGION.to_owned(),
        }
        .into()
    }
}

/// The bytes of text of a user of a directory: the minimum of any representation of users.
#[must_use]
pub fn text_of(user: &User) -> usize {
    let info = user.identity_info.clone().unwrap_or_default();
    let parts = [info.first_name, info.last_name, info.email].into_iter().flatten().map(|text| text.len());
    let tags = user.tags.iter().map(|(key, value)| key.len() + value.len());
    user.username.len() + user.last_modified_region.len() + parts.sum::<usize>() + tags.sum::<usize>()
}

fn tags(set: &TagSet) -> Tags {
    world::pairs(set).map(|(key, value)| (key.to_owned(), value)).collect()
}

fn level(name: &str) -> HierarchyLevel {
    HierarchyLevel { name: name.to_owned(), last_modified_time: NOW, last_modified_region: REGION.to_owned() }
}

fn queue(at: usize, it: &Tagged, hours: &Id) -> Resource {
    Queue {
        id: it.id.clone(),
        name: format!("Queue {at}"),
        description: None,
        outbound_caller_config: None,
        outbound_email_address_id: None,
        hours_of_operation_id: hours.clone(),
        max_contacts: None,
        enabled: true,
        quick_connect_ids: Vec::new(),
        email_address_ids: Vec::new(),
        tags: tags(&it.tags),
        last_modified_time: NOW,
        last_modified_region: REGION.to_owned(),
    }
    .into()
}

fn routing_profile(at: usize, it: &Tagged, queue: &Id) -> Resource {
    RoutingProfile {
        id: it.id.clone(),
        name: format!("Routing profile {at}"),
        description: "Bench".to_owned(),
        default_outbound_queue_id: queue.clone(),
        queue_configs: Vec::new(),
        manual_assignment_queues: Vec::new(),
        media_concurrencies: Vec::new(),
        agent_availability_timer: None,
        is_default: false,
        tags: tags(&it.tags),
        last_modified_time: NOW,
        last_modified_region: REGION.to_owned(),
    }
    .into()
}

fn hours_of_operation(id: &Id) -> HoursOfOperation {
    HoursOfOperation {
        id: id.clone(),
        name: "Always".to_owned(),
        description: None,
        time_zone: "UTC".to_owned(),
        config: Vec::new(),
        parent_ids: Vec::new(),
        tags: Tags::new(),
        last_modified_time: NOW,
        last_modified_region: REGION.to_owned(),
    }
}
