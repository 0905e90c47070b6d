//! Candidates for the scope of a profile: a list that misses no resource, and that the engine then decides.

use std::collections::HashMap;
use std::rc::Rc;

use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::User;
use lanyard_model::{Id, Kind, Tags};

use super::context::{Class, Context, Profile};

/// A resource that actions apply to.
pub(super) struct Target<'a> {
    pub(super) id: &'a Id,
    pub(super) name: &'a str,
    pub(super) tags: &'a Tags,
    pub(super) group: Option<&'a Id>,
    /// For a user, the number of the class.
    pub(super) class: usize,
}

type Restriction<'a> = (Option<&'a Tags>, Option<&'a Id>);

/// The resources in scope of each restriction.
pub(super) struct Scopes<'c, 'a> {
    cx: &'c Context<'a>,
    pub(super) it: ResourceType,
    pub(super) targets: Vec<Target<'a>>,
    by_pair: HashMap<(&'a str, &'a str), Vec<usize>>,
    all: Rc<Vec<usize>>,
    known: HashMap<Restriction<'a>, Rc<Vec<usize>>>,
}

/// The types of resource that an instance stores and whose tags an editor can change, and the kind.
pub(super) const STORED: [(ResourceType, Kind, &str); 8] = [
    (ResourceType::User, Kind::User, "Users"),
    (ResourceType::SecurityProfile, Kind::SecurityProfile, "SecurityProfiles"),
    (ResourceType::Queue, Kind::Queue, "Queues"),
    (ResourceType::RoutingProfile, Kind::RoutingProfile, "RoutingPolicies"),
    (ResourceType::QuickConnect, Kind::QuickConnect, "TransferDestinations"),
    (ResourceType::HoursOfOperation, Kind::HoursOfOperation, "HoursOfOperation"),
    (ResourceType::HierarchyGroup, Kind::HierarchyGroup, "AgentGrouping"),
    (ResourceType::ContactFlowModule, Kind::FlowModule, "ContactFlowModules"),
];

impl<'c, 'a> Scopes<'c, 'a> {
    pub(super) fn new(cx: &'c Context<'a>, it: ResourceType) -> Self {
        let directory = cx.directory;
        let other = |id: &'a Id, name: &'a str, tags: &'a Tags| Target { id, name, tags, group: None, class: 0 };
        let targets: Vec<Target<'a>> = match it {
            ResourceType::User => {
                let members = cx.classes.iter().enumerate();
                members
                    .flat_map(|(class, of)| of.users.iter().map(move |user| of_user(user, of.group, class)))
                    .collect()
            }
            ResourceType::SecurityProfile => {
                directory.security_profiles.values().map(|it| other(&it.id, &it.name, &it.tags)).collect()
            }
            ResourceType::Queue => directory.queues.values().map(|it| other(&it.id, &it.name, &it.tags)).collect(),
            ResourceType::RoutingProfile => {
                directory.routing_profiles.values().map(|it| other(&it.id, &it.name, &it.tags)).collect()
            }
            ResourceType::QuickConnect => {
                directory.quick_connects.values().map(|it| other(&it.id, &it.name, &it.tags)).collect()
            }
            ResourceType::HoursOfOperation => {
                directory.hours_of_operation.values().map(|it| other(&it.id, &it.name, &it.tags)).collect()
            }
            ResourceType::HierarchyGroup => {
                directory.hierarchy_groups.values().map(|it| other(&it.id, &it.name, &it.tags)).collect()
            }
            ResourceType::ContactFlowModule => {
                directory.flow_modules.values().map(|it| other(&it.id, &it.name, &it.tags)).collect()
            }
            _ => Vec::new(),
        };
        let mut by_pair: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, target) in targets.iter().enumerate() {
            for (key, value) in target.tags {
                by_pair.entry((key.as_str(), value.as_str())).or_default().push(at);
            }
        }
        let all = Rc::new((0..targets.len()).collect());
        Self { cx, it, targets, by_pair, all, known: HashMap::new() }
    }

    /// The restriction of the type by the profile for a holder of this class; empty where it may restrict nothing.
    fn restriction(&self, profile: &Profile<'a>, class: &Class<'a>) -> Restriction<'a> {
        let tags = &profile.source.allowed_access_control_tags;
        let tags = (profile.tags(self.it) && !tags.is_empty()).then_some(tags);
        let ranked = self.it == ResourceType::User && profile.ranked;
        let named = profile.source.allowed_access_control_hierarchy_group_id.as_ref().filter(|id| **id != Id::new(""));
        (tags, if ranked { named.or(class.group) } else { None })
    }

    /// The targets that may be in scope of the profile for a holder of this class.
    pub(super) fn of(&mut self, profile: &Profile<'a>, class: &Class<'a>) -> Rc<Vec<usize>> {
        let restriction = self.restriction(profile, class);
        if restriction == (None, None) {
            return Rc::clone(&self.all);
        }
        if let Some(known) = self.known.get(&restriction) {
            return Rc::clone(known);
        }
        let first = restriction.0.and_then(|tags| tags.iter().next());
        let none = Vec::new();
        let candidates = match first {
            Some((key, value)) => self.by_pair.get(&(key.as_str(), value.as_str())).unwrap_or(&none),
            None => &self.all,
        };
        let within: Vec<_> = candidates.iter().copied().filter(|at| self.is_within(*at, restriction)).collect();
        let within = Rc::new(within);
        self.known.insert(restriction, Rc::clone(&within));
        within
    }

    /// Whether the target may be in scope of the profile for a holder of this class.
    pub(super) fn reaches(&self, profile: &Profile<'a>, class: &Class<'a>, target: usize) -> bool {
        self.is_within(target, self.restriction(profile, class))
    }

    fn is_within(&self, at: usize, (tags, top): Restriction<'_>) -> bool {
        let Some(target) = self.targets.get(at) else { return false };
        let tagged = tags.is_none_or(|tags| tags.iter().all(|(key, value)| target.tags.get(key) == Some(value)));
        // An open point: whether a user without a group is in scope.
        let below = top.is_none_or(|top| {
            target.group.is_none_or(|group| {
                self.cx.directory.hierarchy_groups.get(group).is_some_and(|group| group.is_within(top))
            })
        });
        tagged && below
    }
}

fn of_user<'a>(user: &'a User, group: Option<&'a Id>, class: usize) -> Target<'a> {
    Target { id: &user.id, name: &user.username, tags: &user.tags, group, class }
}
