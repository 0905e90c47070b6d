//! All principals, profiles and resources of two states, by number.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lanyard_engine::{Compiled, PermissionIndex, implied};
use lanyard_model::catalogue::{Catalogue, ResourceType, is_well_formed};
use lanyard_model::resources::{DataTableRecord, SecurityProfile};
use lanyard_model::{Directory, Id, Kind, Resource, Tags, Timestamp};

use super::bits::Bits;
use crate::Configuration;

/// The number of a state: before, and after.
pub(crate) const STATES: [usize; 2] = [0, 1];

/// A user or an AI agent.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: Id,
    pub(crate) is_agent: bool,
    /// Whether it exists in each state.
    pub(crate) exists: [bool; 2],
    /// The numbers of the profiles, in the order of the principal's list, without duplicates.
    pub(crate) profiles: [Box<[u32]>; 2],
    pub(crate) group: [GroupAt; 2],
    /// The text that names this principal in a question unambiguously.
    pub(crate) text: [Arc<str>; 2],
}

/// The position of a principal in the hierarchy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum GroupAt {
    #[default]
    Nowhere,
    /// In a group that does not exist.
    Missing,
    At(u32),
}

/// A security profile in both states.
#[derive(Debug)]
pub(crate) struct ProfilePair {
    pub(crate) id: Id,
    pub(crate) sides: [Option<ProfileSide>; 2],
}

/// A security profile in one state.
#[derive(Debug)]
pub(crate) struct ProfileSide {
    pub(crate) source: Arc<SecurityProfile>,
    /// The permissions that it holds, implied ones included.
    pub(crate) held: Bits,
    pub(crate) restrictions_unseen: bool,
    pub(crate) tools_unseen: bool,
    /// It represents profiles that are unknown.
    pub(crate) is_blank: bool,
}

/// The stored resources of a type, in both states.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) ids: Vec<Id>,
    pub(crate) texts: Vec<String>,
    pub(crate) exists: [Bits; 2],
    /// The resources with a difference that decisions depend on.
    pub(crate) changed: Bits,
    sides: [Vec<Option<Resource>>; 2],
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }
}

/// Both states.
pub(crate) struct Universe<'a> {
    pub(crate) configurations: [&'a Configuration; 2],
    pub(crate) compiled: [Compiled; 2],
    /// Users in the order of their identifiers, then AI agents.
    pub(crate) people: Vec<Person>,
    pub(crate) profiles: Vec<ProfilePair>,
    /// Every permission of the catalogue, and every other one that some profile holds.
    pub(crate) actions: Vec<Arc<str>>,
    pub(crate) tables: BTreeMap<ResourceType, Table>,
    /// The number of each group and those of the groups above it; `None` in a state that does not have the group.
    chains: [Vec<Option<Vec<u32>>>; 2],
    groups: BTreeMap<Id, u32>,
    group_names: Vec<Arc<str>>,
    /// Whether each group and all groups above it exist.
    whole: [Vec<bool>; 2],
    /// The attributes of each data table in each state: names, and whether values of them identify records.
    attributes: [HashMap<&'a Id, BTreeMap<&'a str, bool>>; 2],
    /// Whether the same kinds are known in both states.
    pub(crate) same_sight: bool,
}

/// A predicate on a record's primary values by name; the flag is true where there are others with unknown names.
type IsRecord<'a> = dyn Fn(&[(&str, &str)], bool) -> bool + 'a;

/// The types of resource that an instance stores, and their kinds.
pub(crate) const STORED: [(ResourceType, Kind); 10] = [
    (ResourceType::ContactFlowModule, Kind::FlowModule),
    (ResourceType::DataTable, Kind::DataTable),
    (ResourceType::DataTableRecord, Kind::DataTableRecord),
    (ResourceType::HierarchyGroup, Kind::HierarchyGroup),
    (ResourceType::HoursOfOperation, Kind::HoursOfOperation),
    (ResourceType::Queue, Kind::Queue),
    (ResourceType::QuickConnect, Kind::QuickConnect),
    (ResourceType::RoutingProfile, Kind::RoutingProfile),
    (ResourceType::SecurityProfile, Kind::SecurityProfile),
    (ResourceType::User, Kind::User),
];

impl<'a> Universe<'a> {
    pub(crate) fn new(configurations: [&'a Configuration; 2], catalogue: &Catalogue) -> Self {
        let permission_index = Arc::new(PermissionIndex::new(catalogue));
        let directories = configurations.map(|it| &it.directory);
        let compiled = configurations
            .map(|it| Compiled::with_unknown_parts(&it.directory, Arc::clone(&permission_index), &it.unknown_parts));
        let actions = actions(directories, catalogue);
        let groups: BTreeSet<&Id> = directories.iter().flat_map(|it| it.hierarchy_groups.keys()).collect();
        let groups: BTreeMap<Id, u32> = groups.into_iter().cloned().zip(0..).collect();
        let chains = directories.map(|directory| {
            let chain = |id: &Id| {
                let group = directory.hierarchy_groups.get(id)?;
                Some(group.ancestors.iter().chain([id]).filter_map(|id| groups.get(id).copied()).collect())
            };
            groups.keys().map(chain).collect()
        });
        let name = |id: &Id| {
            let known = directories.iter().rev().find_map(|it| it.hierarchy_groups.get(id));
            known.map_or_else(|| id.to_string().into(), |group| group.name.as_str().into())
        };
        let group_names = groups.keys().map(name).collect();
        let [before, after] = configurations;
        let same_sight = before.unknown_parts.kinds == after.unknown_parts.kinds;
        let mut universe = Self {
            configurations,
            compiled,
            people: Vec::new(),
            profiles: Vec::new(),
            actions,
            tables: BTreeMap::new(),
            chains,
            groups,
            group_names,
            whole: [Vec::new(), Vec::new()],
            attributes: directories.map(attributes_of_tables),
            same_sight,
        };
        universe.whole = STATES.map(|state| universe.groups.keys().map(|id| universe.is_whole(state, id)).collect());
        universe.profiles = universe.pair_profiles();
        universe.people = universe.list_people();
        universe.tables = STORED.iter().map(|(it, kind)| (*it, universe.table(*kind))).collect();
        universe
    }

    fn directories(&self) -> [&'a Directory; 2] {
        self.configurations.map(|it| &it.directory)
    }

    fn pair_profiles(&self) -> Vec<ProfilePair> {
        let numbers: HashMap<&str, u32> = self.actions.iter().map(|name| &**name).zip(0..).collect();
        let ids: BTreeSet<&Id> = self.directories().iter().flat_map(|it| it.security_profiles.keys()).collect();
        let side = |state: &Configuration, id: &Id| {
            let source = Arc::clone(state.directory.security_profiles.get(id)?);
            let mut held = Bits::empty(self.actions.len());
            let names = source
                .permissions
                .iter()
                .flat_map(|name| std::iter::once(name.as_str()).chain(implied(name).iter().copied()));
            names.filter_map(|name| numbers.get(name)).for_each(|number| held.add(*number));
            Some(ProfileSide {
                source,
                held,
                restrictions_unseen: state.unknown_parts.restrictions.contains(id),
                tools_unseen: state.unknown_parts.tools.contains(id),
                is_blank: false,
            })
        };
        let pair = |id: &Id| ProfilePair { id: id.clone(), sides: self.configurations.map(|state| side(state, id)) };
        let blank = ProfilePair { id: Id::new(""), sides: self.configurations.map(|state| self.blank(state)) };
        ids.into_iter().map(pair).chain([blank]).collect()
    }

    /// The representative of unknown profiles; `None` in a state where all profiles are known.
    fn blank(&self, state: &Configuration) -> Option<ProfileSide> {
        let source = SecurityProfile::named(Id::new(""), "unknown", Timestamp::default(), "");
        let parts = &state.unknown_parts;
        let is_there = parts.kinds.contains(&Kind::SecurityProfile) || !parts.permissions.is_empty();
        is_there.then(|| ProfileSide {
            source: Arc::new(source),
            held: Bits::empty(self.actions.len()),
            restrictions_unseen: true,
            tools_unseen: true,
            is_blank: true,
        })
    }

    /// The number of a permission.
    pub(crate) fn action(&self, name: &str) -> Option<u32> {
        let at = self.actions.binary_search_by(|action| (**action).cmp(name)).ok()?;
        u32::try_from(at).ok()
    }

    /// The number of a profile.
    pub(crate) fn profile(&self, id: &Id) -> Option<u32> {
        let (_, real) = self.profiles.split_last()?;
        let at = real.binary_search_by(|pair| pair.id.cmp(id)).ok()?;
        u32::try_from(at).ok()
    }

    /// The name of a profile, in the second state or else in the first.
    pub(crate) fn profile_name(&self, number: u32) -> Option<&str> {
        let pair = self.profiles.get(number as usize)?;
        pair.sides.iter().rev().flatten().map(|side| side.source.name.as_str()).next()
    }

    fn list_people(&self) -> Vec<Person> {
        let directories = self.directories();
        let users: BTreeSet<&Id> = directories.iter().flat_map(|it| it.users.keys()).collect();
        let agents: BTreeSet<&Id> = directories.iter().flat_map(|it| it.ai_agents.keys()).collect();
        let user = |id: &Id| {
            let sides = directories.map(|it| it.users.get(id));
            Person {
                id: id.clone(),
                is_agent: false,
                exists: sides.map(|side| side.is_some()),
                profiles: self.numbers(sides.map(|side| side.map(|user| &user.security_profile_ids))),
                group: STATES.map(|at| {
                    let group = sides.get(at).and_then(|side| side.as_ref()?.hierarchy_group_id.as_ref());
                    self.group_at(at, group)
                }),
                text: directories.map(|directory| unambiguous(directory, id)),
            }
        };
        let agent = |id: &Id| {
            let sides = directories.map(|it| it.ai_agents.get(id));
            let text: Arc<str> = id.to_string().into();
            Person {
                id: id.clone(),
                is_agent: true,
                exists: sides.map(|side| side.is_some()),
                profiles: self.numbers(sides.map(|side| side.map(|agent| &agent.security_profile_ids))),
                group: [GroupAt::Nowhere; 2],
                text: [Arc::clone(&text), text],
            }
        };
        users.into_iter().map(user).chain(agents.into_iter().map(agent)).collect()
    }

    /// The numbers of the profiles that exist, without duplicates.
    fn numbers(&self, sides: [Option<&Vec<Id>>; 2]) -> [Box<[u32]>; 2] {
        STATES.map(|state| {
            let mut numbers = Vec::new();
            let ids = sides.get(state).copied().flatten();
            let blank = u32::try_from(self.profiles.len().saturating_sub(1)).unwrap_or(u32::MAX);
            let parts = self.configurations.get(state).map(|it| &it.unknown_parts.permissions);
            let is_open = |id: &Id| parts.is_some_and(|parts| parts.contains(id));
            // A profile whose permissions are known in part stands with one that may hold anything.
            let rest = ids.into_iter().flatten().any(is_open).then_some(blank);
            for id in ids.into_iter().flatten() {
                let here = self.profile(id).filter(|number| self.side(*number, state).is_some());
                let number = here.unwrap_or(blank);
                if self.side(number, state).is_some() && !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            if let Some(rest) = rest.filter(|rest| !numbers.contains(rest)) {
                numbers.push(rest);
            }
            numbers.into()
        })
    }

    /// A profile in one state.
    pub(crate) fn side(&self, profile: u32, state: usize) -> Option<&ProfileSide> {
        self.profiles.get(profile as usize)?.sides.get(state)?.as_ref()
    }

    fn group_at(&self, state: usize, id: Option<&Id>) -> GroupAt {
        match id {
            None => GroupAt::Nowhere,
            Some(id) if *id == Id::new("") => GroupAt::Nowhere,
            Some(id) => match self.group_number(id) {
                Some(number) if self.chain(state, number).is_some() => GroupAt::At(number),
                _ => GroupAt::Missing,
            },
        }
    }

    /// The number of a group that exists in either state.
    pub(crate) fn group_number(&self, id: &Id) -> Option<u32> {
        self.groups.get(id).copied()
    }

    fn chain(&self, state: usize, group: u32) -> Option<&Vec<u32>> {
        self.chains.get(state)?.get(group as usize)?.as_ref()
    }

    /// The names of the groups that a user is in, from the top; in the second state, or else in the first.
    pub(crate) fn path(&self, user: u32) -> Vec<Arc<str>> {
        let Some(user) = self.people.get(user as usize) else { return Vec::new() };
        let state = usize::from(user.exists == [true; 2] || user.exists == [false, true]);
        match user.group.get(state) {
            Some(GroupAt::At(group)) => {
                let chain = self.chain(state, *group).into_iter().flatten();
                chain.filter_map(|group| self.group_names.get(*group as usize)).cloned().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a group and all groups above it exist in one state.
    pub(crate) fn is_whole(&self, state: usize, id: &Id) -> bool {
        let group = self.configurations.get(state).and_then(|it| it.directory.hierarchy_groups.get(id));
        let has = |id: &Id| self.group_number(id).is_some_and(|number| self.chain(state, number).is_some());
        group.is_some_and(|group| group.ancestors.iter().all(has))
    }

    /// Whether the position of a principal is fully known in one state: no group, or a group with all groups above
    /// it.
    pub(crate) fn is_placed(&self, state: usize, group: GroupAt) -> bool {
        match group {
            GroupAt::Nowhere => true,
            GroupAt::Missing => false,
            GroupAt::At(number) => {
                self.whole.get(state).and_then(|whole| whole.get(number as usize)).copied().unwrap_or(false)
            }
        }
    }

    /// The users whose position in the hierarchy is not fully known in one state.
    pub(crate) fn users_with_unknown_position(&self, state: usize) -> Bits {
        let mut astray = Bits::empty(self.user_count());
        for (at, user) in (0..).zip(self.people.iter().filter(|person| !person.is_agent)) {
            if user.group.get(state).is_some_and(|group| !self.is_placed(state, *group)) {
                astray.add(at);
            }
        }
        astray
    }

    /// The users that are in a group or below it, in one state.
    pub(crate) fn users_below(&self, state: usize, top: u32) -> Bits {
        let mut below = Bits::empty(self.user_count());
        if self.chain(state, top).is_none() {
            return below;
        }
        for (at, user) in (0..).zip(self.people.iter().filter(|person| !person.is_agent)) {
            if let Some(GroupAt::At(group)) = user.group.get(state)
                && self.chain(state, *group).is_some_and(|chain| chain.contains(&top))
            {
                below.add(at);
            }
        }
        below
    }

    /// The users without a group in one state.
    pub(crate) fn users_without_group(&self, state: usize) -> Bits {
        let mut nowhere = Bits::empty(self.user_count());
        for (at, user) in (0..).zip(self.people.iter().filter(|person| !person.is_agent)) {
            if user.group.get(state) == Some(&GroupAt::Nowhere) {
                nowhere.add(at);
            }
        }
        nowhere
    }

    pub(crate) fn user_count(&self) -> usize {
        self.people.iter().filter(|person| !person.is_agent).count()
    }

    /// The tags that apply to a resource in one state: of a record, those of its table.
    fn tags_of<'b>(&'b self, state: usize, resource: &'b Resource) -> Option<&'b Tags> {
        match resource {
            Resource::DataTableRecord(record) => {
                let tables = &self.configurations.get(state)?.directory.data_tables;
                tables.get(&record.data_table_id).map(|table| &table.tags)
            }
            other => other.tags(),
        }
    }

    /// The records for which `is` is true in one state.
    pub(crate) fn records_where(&self, state: usize, is: &IsRecord<'_>) -> Bits {
        let Some(table) = self.tables.get(&ResourceType::DataTableRecord) else { return Bits::default() };
        let mut records = Bits::empty(table.len());
        for (at, resource) in (0..).zip(table.sides.get(state).into_iter().flatten()) {
            if let Some(Resource::DataTableRecord(record)) = resource {
                let values = self.primary_values(state, record);
                if is(&values, values.len() < record.primary_values.len()) {
                    records.add(at);
                }
            }
        }
        records
    }

    /// The records in a table that does not exist in one state.
    pub(crate) fn records_without_table(&self, state: usize) -> Bits {
        let Some(table) = self.tables.get(&ResourceType::DataTableRecord) else { return Bits::default() };
        let mut records = Bits::empty(table.len());
        for (at, resource) in (0..).zip(table.sides.get(state).into_iter().flatten()) {
            if resource.as_ref().is_some_and(|resource| self.tags_of(state, resource).is_none()) {
                records.add(at);
            }
        }
        records
    }

    /// The primary values of a record by the names of their attributes, as far as those are known.
    fn primary_values<'b>(&'b self, state: usize, record: &'b DataTableRecord) -> Vec<(&'b str, &'b str)> {
        let Some(configuration) = self.configurations.get(state) else { return Vec::new() };
        let attributes = &configuration.directory.data_table_attributes;
        let named = |(id, value): (&'b Id, &'b String)| Some((attributes.get(id)?.name.as_str(), value.as_str()));
        record.primary_values.iter().filter_map(named).collect()
    }

    /// The resources of a type with all these tags in one state.
    pub(crate) fn with_tags(&self, it: ResourceType, state: usize, tags: &Tags) -> Bits {
        let Some(table) = self.tables.get(&it) else { return Bits::default() };
        let mut with_tags = Bits::empty(table.len());
        for (at, resource) in (0..).zip(table.sides.get(state).into_iter().flatten()) {
            let own = resource.as_ref().and_then(|resource| self.tags_of(state, resource));
            let carries = |(key, value): (&String, &String)| own.and_then(|own| own.get(key)) == Some(value);
            if tags.iter().all(carries) {
                with_tags.add(at);
            }
        }
        with_tags
    }

    /// The tables, or the records of tables, that have an attribute of this name in one state, primary or not.
    pub(crate) fn with_attribute(&self, it: ResourceType, state: usize, name: &str, primary: bool) -> Bits {
        let Some(table) = self.tables.get(&it) else { return Bits::default() };
        let mut with_attribute = Bits::empty(table.len());
        for (at, resource) in (0..).zip(table.sides.get(state).into_iter().flatten()) {
            let attributes = resource.as_ref().and_then(|resource| self.attributes_of(state, resource));
            if attributes.and_then(|attributes| attributes.get(name)) == Some(&primary) {
                with_attribute.add(at);
            }
        }
        with_attribute
    }

    /// The attributes of a table, or of the table of a record; `None` where there are none.
    fn attributes_of(&self, state: usize, resource: &Resource) -> Option<&BTreeMap<&'a str, bool>> {
        let table = match resource {
            Resource::DataTable(table) => &table.id,
            Resource::DataTableRecord(record) => &record.data_table_id,
            _ => return None,
        };
        self.attributes.get(state)?.get(table)
    }

    fn table(&self, kind: Kind) -> Table {
        let directories = self.directories();
        // Users have the same numbers as in the list of people: both are in the order of the identifiers.
        let ids: BTreeSet<Id> = directories.iter().flat_map(|it| ids_of(it, kind)).collect();
        let ids: Vec<Id> = ids.into_iter().collect();
        let sides = directories.map(|it| ids.iter().map(|id| it.get(kind, id)).collect::<Vec<_>>());
        let exists = STATES.map(|state| {
            let mut exists = Bits::empty(ids.len());
            for (at, side) in (0..).zip(sides.get(state).into_iter().flatten()) {
                if side.is_some() {
                    exists.add(at);
                }
            }
            exists
        });
        let mut changed = Bits::empty(ids.len());
        let [before, after] = &sides;
        for (at, (old, new)) in (0_u32..).zip(before.iter().zip(after)) {
            let same = match (old, new) {
                (Some(old), Some(new)) => {
                    self.tags_of(0, old) == self.tags_of(1, new)
                        && self.attributes_of(0, old) == self.attributes_of(1, new)
                        && match (old, new) {
                            (Resource::User(_), _) => self.same_place(at),
                            (Resource::FlowModule(old), Resource::FlowModule(new)) => {
                                old.external_invocation_enabled == new.external_invocation_enabled
                            }
                            (Resource::DataTableRecord(old), Resource::DataTableRecord(new)) => {
                                old.primary_values.len() == new.primary_values.len()
                                    && self.primary_values(0, old) == self.primary_values(1, new)
                            }
                            _ => true,
                        }
                }
                _ => false,
            };
            if !same {
                changed.add(at);
            }
        }
        let texts = ids.iter().map(Id::to_string).collect();
        Table { ids, texts, exists, changed, sides }
    }

    /// Whether a user has the same position of the same hierarchy in both states.
    fn same_place(&self, user: u32) -> bool {
        let Some(user) = self.people.get(user as usize) else { return false };
        let [before, after] = STATES.map(|state| match user.group.get(state) {
            Some(GroupAt::At(group)) => {
                let above = self.chain(state, *group).into_iter().flatten();
                Some(above.copied().filter(|group| self.chain(state, *group).is_some()).collect::<Vec<_>>())
            }
            Some(GroupAt::Missing) => Some(Vec::new()),
            _ => None,
        });
        let placed = STATES.map(|state| user.group.get(state).is_some_and(|group| self.is_placed(state, *group)));
        let same = placed.first() == placed.last();
        same && before == after
    }
}

/// The attributes of each data table: names, and whether values of them identify records.
fn attributes_of_tables(directory: &Directory) -> HashMap<&Id, BTreeMap<&str, bool>> {
    let mut all: HashMap<&Id, BTreeMap<&str, bool>> = HashMap::new();
    for attribute in directory.data_table_attributes.values() {
        all.entry(&attribute.data_table_id).or_default().insert(&attribute.name, attribute.primary);
    }
    all
}

/// The identifiers of the stored resources of a kind.
fn ids_of(directory: &Directory, kind: Kind) -> Vec<Id> {
    match kind {
        Kind::DataTable => directory.data_tables.keys().cloned().collect(),
        Kind::DataTableRecord => directory.data_table_records.keys().cloned().collect(),
        Kind::FlowModule => directory.flow_modules.keys().cloned().collect(),
        Kind::HierarchyGroup => directory.hierarchy_groups.keys().cloned().collect(),
        Kind::HoursOfOperation => directory.hours_of_operation.keys().cloned().collect(),
        Kind::Queue => directory.queues.keys().cloned().collect(),
        Kind::QuickConnect => directory.quick_connects.keys().cloned().collect(),
        Kind::RoutingProfile => directory.routing_profiles.keys().cloned().collect(),
        Kind::SecurityProfile => directory.security_profiles.keys().cloned().collect(),
        Kind::User => directory.users.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// The text that names a user in a question: the identifier, or the ARN where the identifier is also another user's
/// name.
fn unambiguous(directory: &Directory, id: &Id) -> Arc<str> {
    let text = id.to_string();
    let other = directory.find_name(Kind::User, &text).filter(|other| *other != id);
    let arn = other.and_then(|_| {
        let instance = directory.instances.values().next()?;
        instance.scope().arn(&instance.id, Kind::User, id)
    });
    arn.unwrap_or(text).into()
}

fn actions(directories: [&Directory; 2], catalogue: &Catalogue) -> Vec<Arc<str>> {
    let mut names: BTreeSet<&str> = catalogue.iter().map(|permission| permission.api_name()).collect();
    for profile in directories.iter().flat_map(|it| it.security_profiles.values()) {
        names.extend(profile.permissions.iter().map(String::as_str).filter(|name| is_well_formed(name)));
    }
    names.into_iter().map(Arc::from).collect()
}
