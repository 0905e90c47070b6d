//! The worlds: generated instances, equal in every run, as plain descriptions.
//!
//! A description uses the part of the rules that every engine can express: users with one to three profiles,
//! permissions, four types restricted by tag with View first (rule 7), users restricted by hierarchy, unrestricted
//! profiles that win, open points in the strict reading. [`World::expects`] evaluates those rules on the description,
//! one by one; the peers' policies are made from [`World::grant`].

use lanyard_engine::{Action, Handle};
use lanyard_model::Id;

use crate::random::Random;

/// A type of resource in questions, and the actions on it, its View permission first.
#[derive(Debug)]
pub struct Type {
    /// Its name.
    pub name: &'static str,
    /// The permissions.
    pub actions: &'static [&'static str],
}

/// The types: those that security profiles are documented to restrict.
pub const TYPES: [Type; 4] = [
    Type {
        name: "User",
        actions: &["Users.View", "Users.Edit", "Users.EditPermission", "Users.Delete", "Users.EnableAndDisable"],
    },
    Type {
        name: "Queue",
        actions: &["Queues.View", "Queues.Edit", "Queues.EnableAndDisable", "Queues.Delete", "Queues.Purge"],
    },
    Type {
        name: "RoutingProfile",
        actions: &["RoutingPolicies.View", "RoutingPolicies.Edit", "RoutingPolicies.Delete"],
    },
    Type {
        name: "SecurityProfile",
        actions: &["SecurityProfiles.View", "SecurityProfiles.Edit", "SecurityProfiles.Delete"],
    },
];

/// The type `User` in [`TYPES`].
pub const USER: usize = 0;
/// The type `Queue` in [`TYPES`].
pub const QUEUE: usize = 1;
/// The type `RoutingProfile` in [`TYPES`].
pub const ROUTING_PROFILE: usize = 2;
/// The type `SecurityProfile` in [`TYPES`].
pub const SECURITY_PROFILE: usize = 3;

const TAG_KEYS: [&str; 2] = ["department", "site"];
const TAG_VALUES: [usize; 2] = [8, 12];
/// The number of groups below each group of the level above.
const LEVELS: [usize; 3] = [4, 5, 6];

/// For each of the tag keys, the number of the value, or none.
pub type TagSet = [Option<usize>; 2];

/// The pairs of a set of tags.
pub fn pairs(tags: &TagSet) -> impl Iterator<Item = (&'static str, String)> {
    TAG_KEYS.iter().zip(tags).filter_map(|(key, value)| Some((*key, format!("{key}-{:02}", (*value)?))))
}

/// The actions of a type that a profile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// The first.
    View,
    /// The first two.
    Edit,
    /// All.
    Manage,
    /// All but the first: where the type is restricted, this grants nothing.
    Blind,
}

impl Bundle {
    /// Every bundle.
    pub const ALL: [Self; 4] = [Self::View, Self::Edit, Self::Manage, Self::Blind];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Edit => "edit",
            Self::Manage => "manage",
            Self::Blind => "blind",
        }
    }

    /// The actions of the type with this number.
    #[must_use]
    pub fn actions(self, it: usize) -> &'static [&'static str] {
        let all = TYPES.get(it).map_or(&[][..], |it| it.actions);
        match self {
            Self::View => all.get(..1),
            Self::Edit => all.get(..2),
            Self::Manage => Some(all),
            Self::Blind => all.get(1..),
        }
        .unwrap_or_default()
    }
}

/// The users whom a profile covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Everyone.
    Anywhere,
    /// Those of the caller's group and below.
    Own,
    /// Those of this group and below.
    Group(usize),
}

/// A security profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The identifier.
    pub id: Id,
    /// The actions that it holds for each type.
    pub bundles: [Option<Bundle>; 4],
    /// The types that it restricts by tag.
    pub restricted: [bool; 4],
    /// The tags of the restriction.
    pub required: TagSet,
    /// The users whom it covers.
    pub within: Within,
    /// Its own tags.
    pub tags: TagSet,
}

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// The identifier.
    pub id: Id,
    /// One to three profiles, ascending.
    pub profiles: Vec<u32>,
    /// The hierarchy group.
    pub group: Option<usize>,
    /// The tags.
    pub tags: TagSet,
}

/// A hierarchy group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The identifier.
    pub id: Id,
    /// The groups above, from the top down.
    pub above: Vec<usize>,
}

/// A queue or a routing profile.
#[derive(Clone, Debug)]
pub struct Tagged {
    /// The identifier.
    pub id: Id,
    /// The tags.
    pub tags: TagSet,
}

/// The size of a world.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// The number of security profiles.
    pub profiles: usize,
    /// The number of users.
    pub users: usize,
    /// The number of users with a unique random combination of profiles, of 100. The others have one of the common
    /// combinations, of which there are three times as many as profiles.
    pub individual: usize,
}

/// An instance, described.
#[derive(Clone, Debug)]
pub struct World {
    /// The instance's identifier.
    pub id: Id,
    /// Its hierarchy.
    pub groups: Vec<Group>,
    /// Its security profiles.
    pub profiles: Vec<Profile>,
    /// Its queues.
    pub queues: Vec<Tagged>,
    /// Its routing profiles.
    pub routing_profiles: Vec<Tagged>,
    /// Its users.
    pub users: Vec<User>,
}

/// A question by text and by number: may `principal` do `action` on this resource.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The user's identifier.
    pub principal: String,
    /// The permission.
    pub action: &'static str,
    /// The resource's type.
    pub resource_type: &'static str,
    /// The resource's identifier.
    pub id: String,
    /// The user's number.
    pub user: usize,
    /// The number of the type in [`TYPES`].
    pub it: usize,
    /// The resource's number among those of its type.
    pub resource: usize,
    /// User, permission and resource as Lanyard's engine numbers them; filled in by [`crate::engines::lanyard::resolve`].
    pub handles: Option<(Handle, Action, Handle)>,
}

/// The grant of a profile on a type, after rules 4 to 7.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The actions.
    pub bundle: Bundle,
    /// The tags that the resource must have.
    pub tags: Vec<(&'static str, String)>,
    /// The required position of the resource.
    pub within: Within,
}

impl World {
    /// The world of this size.
    #[must_use]
    pub fn new(size: Size) -> Self {
        let mut random = Random::new(1);
        let mut id = random.clone();
        let mut id = || Id::from_uuid(id.uuid());
        let mut groups: Vec<Group> = Vec::new();
        let mut level = 0..0;
        for (depth, count) in LEVELS.into_iter().enumerate() {
            let parents: Vec<_> =
                if depth == 0 { vec![Vec::new()] } else { level.map(|at| path(&groups, at)).collect() };
            let from = groups.len();
            for above in parents {
                groups.extend((0..count).map(|_| Group { id: id(), above: above.clone() }));
            }
            level = from..groups.len();
        }
        let profiles = (0..size.profiles).map(|_| profile(id(), &mut random, groups.len())).collect();
        let mut tagged = |count| (0..count).map(|_| Tagged { id: id(), tags: tags(&mut random, 90) }).collect();
        let (queues, routing_profiles) = (tagged((size.users / 50).clamp(10, 5_000)), tagged(size.profiles / 2));
        let usual: Vec<_> = (0..size.profiles * 3).map(|_| combination(&mut random, size.profiles)).collect();
        let users = (0..size.users)
            .map(|_| {
                let own = random.percent(size.individual).then(|| combination(&mut random, size.profiles));
                let profiles = own.or_else(|| usual.get(random.below(usual.len())).cloned()).unwrap_or_default();
                let group = (!random.percent(10)).then(|| random.below(groups.len()));
                User { id: id(), profiles, group, tags: tags(&mut random, 90) }
            })
            .collect();
        Self { id: id(), groups, profiles, queues, routing_profiles, users }
    }

    /// Random questions, the same for the same seed.
    #[must_use]
    pub fn asks(&self, count: usize, seed: u64) -> Vec<Ask> {
        let mut random = Random::new(seed);
        let mut asks = Vec::with_capacity(count);
        while asks.len() < count {
            let (user, it) = (random.below(self.users.len()), random.below(TYPES.len()));
            let resource = random.below(self.count(it));
            let actions = TYPES.get(it).map_or(&[][..], |it| it.actions);
            asks.extend(
                actions.get(random.below(actions.len())).and_then(|action| self.ask(user, action, it, resource)),
            );
        }
        asks
    }

    /// A question by numbers; none when the user or the resource does not exist.
    #[must_use]
    pub fn ask(&self, user: usize, action: &'static str, it: usize, resource: usize) -> Option<Ask> {
        let (id, _, _) = self.resource(it, resource)?;
        let principal = self.users.get(user)?.id.to_string();
        let resource_type = TYPES.get(it)?.name;
        Some(Ask { principal, action, resource_type, id: id.to_string(), user, it, resource, handles: None })
    }

    /// The number of resources of a type.
    #[must_use]
    pub fn count(&self, it: usize) -> usize {
        match it {
            USER => self.users.len(),
            QUEUE => self.queues.len(),
            ROUTING_PROFILE => self.routing_profiles.len(),
            SECURITY_PROFILE => self.profiles.len(),
            _ => 0,
        }
    }

    /// A resource: its identifier, tags and group.
    #[must_use]
    pub fn resource(&self, it: usize, at: usize) -> Option<(&Id, TagSet, Option<usize>)> {
        match it {
            USER => self.users.get(at).map(|user| (&user.id, user.tags, user.group)),
            QUEUE => self.queues.get(at).map(|it| (&it.id, it.tags, None)),
            ROUTING_PROFILE => self.routing_profiles.get(at).map(|it| (&it.id, it.tags, None)),
            SECURITY_PROFILE => self.profiles.get(at).map(|it| (&it.id, it.tags, None)),
            _ => None,
        }
    }

    /// The group with this number and those above it.
    pub fn groups_from(&self, group: Option<usize>) -> impl Iterator<Item = &Group> {
        group.into_iter().flat_map(|at| path(&self.groups, at)).filter_map(|at| self.groups.get(at))
    }

    /// The grant of a profile on a type; `None` for none.
    #[must_use]
    pub fn grant(&self, profile: usize, it: usize) -> Option<Grant> {
        let profile = self.profiles.get(profile)?;
        let bundle = profile.bundles.get(it).copied().flatten()?;
        let tagged = profile.restricted.get(it).copied().unwrap_or_default();
        let within = if it == USER { profile.within } else { Within::Anywhere };
        let tags: Vec<_> = if tagged { pairs(&profile.required).collect() } else { Vec::new() };
        let restricts = tagged || within != Within::Anywhere;
        let nothing = (restricts && bundle == Bundle::Blind) || (tagged && tags.is_empty());
        (!nothing).then_some(Grant { bundle, tags, within })
    }

    /// The right answer, by the rules as written.
    #[must_use]
    pub fn expects(&self, ask: &Ask) -> bool {
        let Some((_, tags, group)) = self.resource(ask.it, ask.resource) else { return false };
        let Some(user) = self.users.get(ask.user) else { return false };
        user.profiles.iter().filter_map(|at| self.profiles.get(*at as usize)).any(|profile| {
            let held = profile.bundles.get(ask.it).copied().flatten().map_or(&[][..], |bundle| bundle.actions(ask.it));
            let holds = |action| held.contains(&action);
            let by_tag = profile.restricted.get(ask.it).copied().unwrap_or_default();
            let by_hierarchy = ask.it == USER && profile.within != Within::Anywhere;
            let portable = || {
                profile.required != TagSet::default()
                    && profile.required.iter().zip(tags).all(|(required, tag)| required.is_none() || *required == tag)
            };
            let below = || {
                let top = match profile.within {
                    Within::Anywhere => return true,
                    Within::Own => user.group,
                    Within::Group(top) => Some(top),
                };
                top.is_some_and(|top| group.is_some_and(|group| path(&self.groups, group).contains(&top)))
            };
            let view = TYPES.get(ask.it).and_then(|it| it.actions.first()).copied().unwrap_or_default();
            holds(ask.action)
                && (!by_tag || portable())
                && (!by_hierarchy || below())
                && (!(by_tag || by_hierarchy) || holds(view))
        })
    }
}

/// The group with this number and those above it, from the top down.
fn path(groups: &[Group], at: usize) -> Vec<usize> {
    let above = groups.get(at).map_or(&[][..], |group| &group.above);
    above.iter().copied().chain([at]).collect()
}

/// One to three profiles, ascending.
fn combination(random: &mut Random, profiles: usize) -> Vec<u32> {
    let count = 1 + random.below(3);
    let mut numbers: Vec<_> = (0..count).filter_map(|_| u32::try_from(random.below(profiles)).ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn tags(random: &mut Random, percent: usize) -> TagSet {
    TAG_VALUES.map(|count| random.percent(percent).then(|| random.below(count)))
}

fn profile(id: Id, random: &mut Random, groups: usize) -> Profile {
    let bundles = [(); 4].map(|()| {
        let bundle = random.below(Bundle::ALL.len());
        random.percent(55).then(|| Bundle::ALL.get(bundle).copied()).flatten()
    });
    let restricts = random.percent(60);
    let restricted = [(); 4].map(|()| restricts && random.percent(60));
    // About one in twelve requires no tag.
    let required = tags(random, 70);
    let within = match random.below(10) {
        0..2 => Within::Own,
        2..4 => Within::Group(random.below(groups)),
        _ => Within::Anywhere,
    };
    Profile { id, bundles, restricted, required, within, tags: tags(random, 90) }
}
