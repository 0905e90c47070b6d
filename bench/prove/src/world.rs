//! A contact centre of any size, equal for equal numbers: regions, sites and teams; people with one to three
//! profiles, nine in ten of them one of the common combinations; profiles restricted by tag and by hierarchy.

use lanyard_model::catalogue::Catalogue;
use lanyard_model::resources::{HierarchyGroup, Instance, Queue, SecurityProfile, User};
use lanyard_model::{Directory, Id, Resource, StreamId, Tags, Timestamp};

const REGION: &str = "eu-west-2";
const NOW: Timestamp = Timestamp(1);

/// Pseudo-random numbers that are equal on every machine: splitmix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap_or_default()
    }
}

/// The numbers of resources.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Size {
    /// The number of people
    #[arg(long, default_value_t = 10_000)]
    pub(crate) users: usize,
    /// The number of security profiles
    #[arg(long, default_value_t = 500)]
    pub(crate) profiles: usize,
    /// The number of groups of the hierarchy
    #[arg(long, default_value_t = 300)]
    pub(crate) groups: usize,
    /// The number of queues
    #[arg(long, default_value_t = 1_000)]
    pub(crate) queues: usize,
    /// The number of people with a unique combination of profiles, of a hundred
    #[arg(long, default_value_t = 10)]
    pub(crate) individual: usize,
}

fn id(kind: u128, n: usize) -> Id {
    Id::from_uuid(0x1000_0000_0000_4000_8000_0000_0000_0000 + (kind << 32) + n as u128)
}

pub(crate) fn profile_id(n: usize) -> Id {
    id(1, n)
}

pub(crate) fn user_id(n: usize) -> Id {
    id(2, n)
}

fn team(n: usize) -> Tags {
    Tags::from([("Team".to_owned(), format!("team-{n}"))])
}

/// The state of a contact centre of this size.
pub(crate) fn world(size: Size) -> anyhow::Result<Directory> {
    let mut r = Random(7);
    let teams = (size.profiles / 4).max(1);
    let mut all: Vec<Resource> = vec![
        Instance {
            id: id(9, 0),
            account: "123456789012".into(),
            region: REGION.into(),
            alias: Some("large".into()),
            identity_management_type: "SAML".into(),
            directory_id: None,
            created: NOW,
            attributes: Default::default(),
            tags: Tags::new(),
        }
        .into(),
    ];
    for n in 0..size.groups {
        // Eight regions, then sites, then teams.
        let parent = if n < 8 { None } else { Some(if n < 48 { n % 8 } else { 8 + n % 40 }) };
        let above = parent.map(|parent| if parent < 8 { vec![parent] } else { vec![parent % 8, parent] });
        let ancestors = above.unwrap_or_default().into_iter().map(|n| id(3, n)).collect();
        let last_modified_region = REGION.to_owned();
        let (id, name, tags) = (id(3, n), format!("group-{n}"), Tags::new());
        all.push(HierarchyGroup { id, name, ancestors, tags, last_modified_time: NOW, last_modified_region }.into());
    }
    let names: Vec<&str> = Catalogue::builtin().iter().map(|it| it.api_name()).collect();
    for n in 0..size.profiles {
        let mut profile = SecurityProfile::named(profile_id(n), &format!("profile-{n}"), NOW, REGION);
        let mut held: Vec<String> =
            (0..5 + r.below(40)).filter_map(|_| names.get(r.below(names.len()))).map(|it| (*it).to_owned()).collect();
        held.extend(["Users.View", "Queues.View"].map(str::to_owned));
        held.sort();
        held.dedup();
        profile.permissions = held;
        if n % 2 == 0 {
            profile.tag_restricted_resources = vec!["Queue".into(), "User".into()];
            profile.allowed_access_control_tags = team(n % teams);
        }
        if n % 5 == 0 && size.groups > 0 {
            profile.hierarchy_restricted_resources = vec!["User".into()];
            profile.allowed_access_control_hierarchy_group_id = (n % 10 == 0).then(|| id(3, r.below(size.groups)));
        }
        all.push(profile.into());
    }
    for n in 0..size.queues {
        let json = serde_json::json!({
            "id": id(4, n), "name": format!("queue-{n}"), "hours_of_operation_id": id(5, 0), "enabled": true,
            "tags": team(n % teams), "last_modified_time": 1, "last_modified_region": REGION,
        });
        all.push(serde_json::from_value::<Queue>(json)?.into());
    }
    let usual: Vec<Vec<Id>> = (0..size.profiles * 3).map(|_| assigned(&mut r, size.profiles)).collect();
    for n in 0..size.users {
        let one_of_the_usual = r.below(100) >= size.individual;
        let drawn = usual.get(r.below(usual.len().max(1))).filter(|_| one_of_the_usual).cloned();
        let security_profile_ids = drawn.unwrap_or_else(|| assigned(&mut r, size.profiles));
        let user = User {
            id: user_id(n),
            username: format!("user-{n}"),
            identity_info: None,
            phone_config: None,
            channel_configs: Default::default(),
            directory_user_id: None,
            security_profile_ids,
            routing_profile_id: id(6, 0),
            hierarchy_group_id: (size.groups > 0).then(|| id(3, r.below(size.groups))),
            tags: team(n % teams),
            last_modified_time: NOW,
            last_modified_region: REGION.into(),
        };
        all.push(user.into());
    }
    Ok(Directory::load(StreamId::Instance(id(9, 0)), 1, NOW, all))
}

fn assigned(r: &mut Random, profiles: usize) -> Vec<Id> {
    let mut ids: Vec<Id> = (0..1 + r.below(3)).map(|_| profile_id(r.below(profiles))).collect();
    ids.sort();
    ids.dedup();
    ids
}
