//! Classes of principals that an aspect does not tell apart, and what comes of each question for all of a class at
//! once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use lanyard_engine::Outcome;
use lanyard_engine::tasks::PREFIX;
use lanyard_model::Tags;
use lanyard_model::catalogue::ResourceType;

use super::aspect::{Aspect, CONTACT_RULES, Facet, Facets, NO_FACET, Rule, Within};
use super::bits::Bits;
use super::gather::{Gathered, Raw, RawRestriction};
use super::spot::{Asking, Spot, split};
use super::universe::{GroupAt, STATES, Universe};
use super::{Bearing, On};
use crate::Judged;

/// What principals have in common who get the same answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    is_agent: bool,
    exists: [bool; 2],
    facets: [Vec<u32>; 2],
    /// The own group, where it matters.
    group: [GroupAt; 2],
    /// Whether the own group and those above it are there, where it matters.
    placed: [bool; 2],
    /// Whether the same kinds were seen in both states.
    same_sight: bool,
}

impl Key {
    /// Whether nothing about the principals differs.
    fn is_still(&self) -> bool {
        self.same_sight
            && self.exists == [true; 2]
            && self.facets[0] == self.facets[1]
            && self.group[0] == self.group[1]
            && self.placed[0] == self.placed[1]
    }
}

/// A distinction between resources that a facet makes in one state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Distinction {
    Carries(Tags),
    Below(u32),
    Nowhere,
    Astray,
    /// A record without primary value of this attribute.
    Lacks(Option<String>),
    /// A record with one of these values of this attribute.
    HasValue(Option<String>, Vec<String>),
    /// A record with values of attributes that were not seen.
    Unnamed,
    /// A record of a table that is not there.
    NoTable,
}

/// One aspect being decided.
pub(crate) struct Deciding<'a> {
    universe: &'a Universe<'a>,
    aspect: &'a Aspect,
    facets: &'a Facets,
    distinctions: HashMap<(usize, Distinction), Rc<Bits>>,
}

/// Actions that every profile of a class treats alike, so that the first stands for all.
struct Alike {
    names: Vec<Rc<str>>,
    /// The number of the first, where it is a permission; those that a task takes. Empty where that says nothing.
    permissions: Vec<u32>,
    is_task: bool,
}

/// What came of a question before and after, and through which facets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    before: Judged,
    after: Judged,
    /// In which state the facets are.
    state: usize,
    through: Vec<u32>,
}

impl<'a> Deciding<'a> {
    pub(crate) fn new(universe: &'a Universe<'a>, aspect: &'a Aspect, facets: &'a Facets) -> Self {
        Self { universe, aspect, facets, distinctions: HashMap::new() }
    }

    /// Decides whatever may differ.
    pub(crate) fn decide(&mut self, gathered: &mut Gathered) {
        let resources_changed = match self.aspect.rule {
            Rule::Typed | Rule::Record | Rule::Analytics | Rule::OwnAnalytics | Rule::Invoke => {
                self.table(self.aspect.it)
            }
            Rule::Visible => self.table(ResourceType::User),
            _ => None,
        }
        .is_some_and(|table| !table.changed.is_empty());
        let mut classes: BTreeMap<Key, Vec<u32>> = BTreeMap::new();
        for number in 0..u32::try_from(self.universe.people.len()).unwrap_or(u32::MAX) {
            if !resources_changed && self.is_plainly_still(number) {
                continue;
            }
            let Some(key) = self.key(number) else { continue };
            if !key.is_still() || resources_changed {
                classes.entry(key).or_default().push(number);
            }
        }
        for (key, members) in &classes {
            self.decide_class(key, members, gathered);
        }
    }

    /// Whether a look tells that nothing about a principal differs.
    fn is_plainly_still(&self, number: u32) -> bool {
        let Some(person) = self.universe.people.get(number as usize) else { return true };
        let ([before, after], [old, new]) = (&person.profiles, person.group);
        self.universe.same_sight
            && person.exists == [true; 2]
            && before == after
            && old == new
            && before.iter().all(|it| self.facets.of_profile(0, *it) == self.facets.of_profile(1, *it))
            && self.universe.is_placed(0, old) == self.universe.is_placed(1, new)
    }

    fn table(&self, it: ResourceType) -> Option<&'a super::universe::Table> {
        self.universe.tables.get(&it)
    }

    /// The class of a principal; `None` where every answer is no in both states.
    fn key(&self, number: u32) -> Option<Key> {
        let person = self.universe.people.get(number as usize)?;
        let most = if matches!(self.aspect.rule, Rule::Analytics | Rule::OwnAnalytics) { 2 } else { 1 };
        let facets = STATES.map(|state| {
            let profiles = person.profiles.get(state).into_iter().flatten();
            let mut numbers: Vec<u32> = profiles.map(|profile| self.facets.of_profile(state, *profile)).collect();
            numbers.retain(|number| *number != NO_FACET);
            numbers.sort_unstable();
            let mut kept: Vec<u32> = Vec::with_capacity(numbers.len());
            for number in numbers {
                if kept.iter().filter(|it| **it == number).count() < most {
                    kept.push(number);
                }
            }
            kept
        });
        if facets.iter().all(Vec::is_empty) {
            return None;
        }
        let own = facets.iter().flatten().any(|number| self.facets.get(*number).is_some_and(|it| it.by_own_group));
        let group = if own { person.group } else { [GroupAt::Nowhere; 2] };
        let [before, after] = group;
        let placed = [self.universe.is_placed(0, before), self.universe.is_placed(1, after)];
        let same_sight = self.universe.same_sight;
        Some(Key { is_agent: person.is_agent, exists: person.exists, facets, group, placed, same_sight })
    }

    fn facets_of<'b>(&'b self, key: &'b Key, state: usize) -> impl Iterator<Item = &'a Facet> + 'b {
        key.facets.get(state).into_iter().flatten().filter_map(|number| self.facets.get(*number))
    }

    fn decide_class(&mut self, key: &Key, members: &[u32], gathered: &mut Gathered) {
        // What nothing of differs but resources is asked on those alone.
        let of_changed = self.cells(key, true);
        let of_all = if key.is_still() { Vec::new() } else { self.cells(key, false) };
        let spots = self.spots(key);
        if of_changed.is_empty() && of_all.is_empty() && spots.is_empty() {
            return;
        }
        for alike in self.actions(key) {
            let still = key.is_still() || self.is_still_for(key, &alike);
            let cells = if still { &of_changed } else { &of_all };
            let spots = if still && self.aspect.rule != Rule::Invoke { &[][..] } else { &spots[..] };
            let mut found: BTreeMap<(Found, bool), Bits> = BTreeMap::new();
            for cell in cells {
                self.decide_cell(members, &alike, cell, &mut found, gathered);
            }
            for ((it, except_oneself), set) in found {
                let on = On::Stored { set: set.into(), except_oneself };
                self.emit(members, &alike, &it, &on, gathered);
            }
            let mut every = None;
            for spot in spots {
                if let Spot::Named(name) = spot
                    && !self.may_name(key, name, &alike)
                {
                    continue;
                }
                let Some(person) = members.first() else { continue };
                let it = self.find(*person, &alike, spot);
                let on = match spot {
                    Spot::Every if self.aspect.type_name == "Instance" => On::Instance,
                    Spot::Every => On::Every,
                    Spot::Some | Spot::One(_) => On::Some,
                    Spot::Own => On::Own,
                    Spot::Named(name) => On::Named(name.as_str().into()),
                    Spot::Like { tags, values } => On::Like { tags: tags.clone(), values: values.clone() },
                };
                self.emit(members, &alike, &it, &on, gathered);
                if *spot == Spot::Every {
                    every = Some(it);
                }
            }
            if let (Some(every), [permission], false) = (every, alike.permissions.as_slice(), alike.is_task) {
                let permission = *permission;
                self.restrictions(key, members, (&alike, permission), &every, gathered);
            }
        }
    }

    /// Whether what the class's profiles say of the actions is the same in both states.
    fn is_still_for(&self, key: &Key, alike: &Alike) -> bool {
        let same = key.same_sight && key.exists == [true; 2] && key.group[0] == key.group[1];
        if !same || key.placed[0] != key.placed[1] || alike.permissions.is_empty() {
            return false;
        }
        let mut permissions = alike.permissions.clone();
        if self.aspect.rule == Rule::Visible {
            permissions.extend(CONTACT_RULES.iter().filter_map(|name| self.universe.action(name)));
        }
        let [before, after] = STATES.map(|state| {
            let numbers = key.facets.get(state).into_iter().flatten();
            let mut said: Vec<(u32, Vec<bool>)> = numbers
                .filter_map(|number| {
                    let held = &self.facets.get(*number)?.held;
                    let holds = permissions.iter().map(|it| held.has(*it)).collect();
                    Some((self.facets.rest(*number), holds))
                })
                .collect();
            said.sort_unstable();
            said
        });
        before == after
    }

    /// Decides on the resources of a cell. Where the answer may be another for oneself, that is asked besides.
    fn decide_cell(
        &self,
        members: &[u32],
        alike: &Alike,
        cell: &Bits,
        found: &mut BTreeMap<(Found, bool), Bits>,
        gathered: &mut Gathered,
    ) {
        let users = self.universe.user_count();
        let by_identity = matches!(self.aspect.rule, Rule::Visible | Rule::OwnAnalytics);
        let themselves: Vec<u32> = if by_identity {
            members.iter().copied().filter(|it| (*it as usize) < users && cell.has(*it)).collect()
        } else {
            Vec::new()
        };
        let own = themselves.first().map(|it| self.find(*it, alike, &Spot::One(*it)));
        let pair = if self.aspect.rule == Rule::OwnAnalytics {
            None
        } else {
            let apart = |person: u32| cell.iter().find(|it| !by_identity || *it != person).map(|it| (person, it));
            members.iter().take(2).find_map(|person| apart(*person))
        };
        let other = pair.map(|(person, number)| self.find(person, alike, &Spot::One(number)));
        let own_differs = own.is_some() && own != other;
        if let Some(it) = other {
            let set = found.entry((it, own_differs)).or_insert_with(|| Bits::empty(cell.limit()));
            set.join(cell);
        }
        if let Some(it) = own.filter(|_| own_differs) {
            self.emit(&themselves, alike, &it, &On::Own, gathered);
        }
    }

    /// Asks before and after.
    fn find(&self, person: u32, alike: &Alike, spot: &Spot) -> Found {
        let action = alike.names.first().map(|name| &**name).unwrap_or_default();
        let asking = |state| Asking { universe: self.universe, aspect: self.aspect, state, person };
        let (before, after) = (asking(0).judge(action, spot), asking(1).judge(action, spot));
        let state = usize::from(!before.exceeds(after));
        let through = if before == after && !(before.may() && before.outcome() == Outcome::Undetermined) {
            Vec::new()
        } else {
            let profiles = asking(state).through(action, spot);
            let mut facets: Vec<_> = profiles.iter().map(|it| self.facets.of_profile(state, *it)).collect();
            facets.sort_unstable();
            facets.dedup();
            facets
        };
        Found { before, after, state, through }
    }

    fn emit(&self, members: &[u32], alike: &Alike, found: &Found, on: &On, gathered: &mut Gathered) {
        let Found { before, after, state, through } = found;
        if before == after && before.outcome() != Outcome::Undetermined {
            return;
        }
        for (through, who) in self.by_profiles(members, *state, through) {
            let (type_name, actions) = (self.aspect.type_name, alike.names.clone());
            gathered.effect(Raw { type_name, who, actions, on: on.clone(), before: *before, after: *after, through });
        }
    }

    /// The members by their profiles that have these facets.
    fn by_profiles(&self, members: &[u32], state: usize, facets: &[u32]) -> BTreeMap<Vec<u32>, Vec<u32>> {
        let mut all: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
        for member in members {
            let profiles = self.universe.people.get(*member as usize).and_then(|it| it.profiles.get(state));
            let has = |profile: &&u32| facets.contains(&self.facets.of_profile(state, **profile));
            let through = profiles.into_iter().flatten().filter(has).copied().collect();
            all.entry(through).or_default().push(*member);
        }
        all
    }

    /// The resources on which the class may find a difference, in parts that it does not tell apart: all, or those alone
    /// that differ in what the class tells apart.
    fn cells(&mut self, key: &Key, changed: bool) -> Vec<Bits> {
        let it = match self.aspect.rule {
            Rule::Typed | Rule::Record | Rule::Analytics | Rule::OwnAnalytics => self.aspect.it,
            Rule::Visible => ResourceType::User,
            _ => return Vec::new(),
        };
        let Some(table) = self.table(it) else { return Vec::new() };
        if changed && table.changed.is_empty() {
            return Vec::new();
        }
        let [before, after] = &table.exists;
        let mut distinctions = [vec![Rc::new(before.clone())], vec![Rc::new(after.clone())]];
        for (state, found) in distinctions.iter_mut().enumerate() {
            for distinction in self.distinctions_of(key, state) {
                found.push(self.distinguish(state, it, distinction));
            }
        }
        let [old, new] = &distinctions;
        let mut all = before.clone();
        all.join(after);
        if changed {
            // A class that tells other things apart than before is asked about everything that differs.
            all = table.changed.clone();
            if key.is_still() {
                let mut differs = Bits::empty(table.len());
                for (old, new) in old.iter().zip(new) {
                    differs.join_difference(old, new);
                }
                all = all.and(&differs);
            }
        }
        split(all, old.iter().chain(new))
    }

    /// What the facets of a class tell apart.
    fn distinctions_of(&self, key: &Key, state: usize) -> Vec<Distinction> {
        let mut all = Vec::new();
        let mut by_hierarchy = self.aspect.rule == Rule::Visible;
        for facet in self.facets_of(key, state) {
            if let Some(tagged) = &facet.tagged {
                all.push(Distinction::Carries(tagged.tags.clone()));
            }
            by_hierarchy |= facet.within != Within::Everywhere;
            if let Within::Group(id, _) = &facet.within
                && let Some(top) = self.universe.group_number(id)
            {
                all.push(Distinction::Below(top));
            }
        }
        if self.aspect.it == ResourceType::DataTableRecord {
            all.extend([Distinction::Unnamed, Distinction::NoTable]);
            for (name, values) in self.facets_of(key, state).flat_map(|facet| &facet.records) {
                all.push(Distinction::Lacks(name.clone()));
                all.push(Distinction::HasValue(name.clone(), values.clone()));
            }
        }
        if by_hierarchy {
            all.extend([Distinction::Nowhere, Distinction::Astray]);
            if let Some(GroupAt::At(top)) = key.group.get(state) {
                all.push(Distinction::Below(*top));
            }
        }
        all
    }

    fn distinguish(&mut self, state: usize, it: ResourceType, distinction: Distinction) -> Rc<Bits> {
        let universe = self.universe;
        let key = (state, distinction);
        let known = self.distinctions.entry(key).or_insert_with_key(|(_, distinction)| {
            Rc::new(match distinction {
                Distinction::Carries(tags) => universe.carrying(it, state, tags),
                Distinction::Below(top) => universe.users_below(state, *top),
                Distinction::Nowhere => universe.users_nowhere(state),
                Distinction::Astray => universe.users_astray(state),
                Distinction::Lacks(name) => universe.records_where(state, &|values, _| {
                    !values.iter().any(|(attribute, _)| Some(*attribute) == name.as_deref())
                }),
                Distinction::HasValue(name, wanted) => universe.records_where(state, &|values, _| {
                    let mut own = values.iter().filter(|(attribute, _)| Some(*attribute) == name.as_deref());
                    own.any(|(_, value)| wanted.iter().any(|it| it == value))
                }),
                Distinction::Unnamed => universe.records_where(state, &|_, unnamed| unnamed),
                Distinction::NoTable => universe.records_without_table(state),
            })
        });
        Rc::clone(known)
    }

    /// What else is asked than stored resources.
    fn spots(&self, key: &Key) -> Vec<Spot> {
        if key.is_still() {
            return if self.aspect.rule == Rule::Invoke { self.tools(key) } else { Vec::new() };
        }
        let mut spots = vec![Spot::Every];
        if self.aspect.type_name != "Instance" {
            spots.push(Spot::Some);
        }
        match self.aspect.rule {
            Rule::Owned => spots.push(Spot::Own),
            Rule::Visible if key.is_agent => spots.push(Spot::Own),
            Rule::Typed | Rule::Record if self.table(self.aspect.it).is_none() => spots.extend(self.likes(key)),
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => spots = self.tools(key),
            _ => {}
        }
        spots
    }

    /// Resources that are not stored, such as the class's restrictions tell apart: untagged, with the tags of each, and
    /// with each value that a record rule names.
    fn likes(&self, key: &Key) -> Vec<Spot> {
        let (mut tags, mut values) = (BTreeSet::from([Vec::new()]), BTreeSet::from([Vec::new()]));
        for facet in STATES.iter().flat_map(|state| self.facets_of(key, *state)) {
            if let Some(tagged) = &facet.tagged {
                tags.insert(tagged.tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect());
            }
            let entries = || facet.records.iter().filter_map(|(name, values)| Some((name.as_ref()?, values)));
            let first: BTreeMap<&String, &String> =
                entries().filter_map(|(name, values)| Some((name, values.first()?))).collect();
            for (name, value) in entries().flat_map(|(name, values)| values.iter().map(move |it| (name, it))) {
                let mut record = first.clone();
                record.insert(name, value);
                values.insert(record.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect());
            }
        }
        if self.aspect.it == ResourceType::DataTable {
            values = BTreeSet::from([Vec::new()]);
        }
        let pair = |tags: &Vec<(String, String)>| {
            let tags = tags.clone();
            values.iter().map(move |values| Spot::Like { tags: tags.clone(), values: values.clone() })
        };
        tags.iter().flat_map(pair).collect()
    }

    /// The tools that the class's profiles may list.
    fn tools(&self, key: &Key) -> Vec<Spot> {
        let unseen = STATES.iter().any(|state| self.facets_of(key, *state).any(|facet| facet.unseen));
        let all = self.facets.all.iter().filter(|_| unseen);
        let facets = STATES.iter().flat_map(|state| self.facets_of(key, *state)).chain(all);
        let mut names = BTreeSet::new();
        for facet in facets {
            names.extend(facet.applications.iter().map(|(namespace, ..)| namespace.clone()));
            names.extend(facet.listed.iter().cloned());
        }
        if self.aspect.rule == Rule::Invoke {
            let modules: BTreeSet<String> = names.iter().map(|name| without_version(name).to_owned()).collect();
            // A version or alias that another profile lists may be covered too (A16).
            let listed = self.facets.all.iter().flat_map(|facet| &facet.listed);
            names.extend(listed.filter(|name| modules.contains(without_version(name))).cloned());
            names.extend(modules);
            let stored = self.table(ResourceType::ContactFlowModule).into_iter().flat_map(|it| it.texts.clone());
            names.extend(stored.filter(|_| unseen));
        }
        names.retain(|name| !name.is_empty() && name != "*");
        [Spot::Some].into_iter().chain(names.into_iter().map(Spot::Named)).collect()
    }

    /// Whether it is worth asking: some profile names the tool with the action.
    fn may_name(&self, key: &Key, name: &str, alike: &Alike) -> bool {
        if self.aspect.rule != Rule::Tool {
            return true;
        }
        let names = |facet: &Facet| {
            facet.unseen
                || facet.applications.iter().any(|(namespace, _, permissions)| {
                    namespace == name && alike.names.iter().any(|it| permissions.iter().any(|p| **p == **it))
                })
        };
        STATES.iter().any(|state| self.facets_of(key, *state).any(names))
    }

    /// The actions that the class may do, those that every facet treats alike together.
    fn actions(&self, key: &Key) -> Vec<Alike> {
        let single = |name: &str| Alike { names: vec![name.into()], permissions: Vec::new(), is_task: true };
        match self.aspect.rule {
            Rule::Access => return vec![single("ACCESS")],
            Rule::Invoke => return vec![single("Invoke")],
            Rule::Collaborate => return vec![single("Collaborate")],
            Rule::Tool => {
                let unseen = STATES.iter().any(|state| self.facets_of(key, *state).any(|facet| facet.unseen));
                let all = self.facets.all.iter().filter(|_| unseen);
                let facets = STATES.iter().flat_map(|state| self.facets_of(key, *state)).chain(all);
                let names: BTreeSet<&String> =
                    facets.flat_map(|facet| facet.applications.iter().flat_map(|it| &it.2)).collect();
                return names.into_iter().filter(|name| !name.is_empty()).map(|name| single(name)).collect();
            }
            _ => {}
        }
        let facets: Vec<&Facet> = STATES.iter().flat_map(|state| self.facets_of(key, *state)).collect();
        let held_by = |number: u32| facets.iter().map(|facet| facet.held.has(number)).collect::<Vec<_>>();
        let mut alike: BTreeMap<Vec<bool>, Alike> = BTreeMap::new();
        let mut all = Bits::empty(self.universe.actions.len());
        facets.iter().for_each(|facet| all.join(if facet.is_blank { &self.aspect.actions } else { &facet.held }));
        for number in all.and(&self.aspect.actions).iter() {
            let Some(name) = self.universe.actions.get(number as usize) else { continue };
            let group = alike.entry(held_by(number)).or_insert(Alike {
                names: Vec::new(),
                permissions: vec![number],
                is_task: false,
            });
            group.names.push((&**name).into());
        }
        let tasks = self.aspect.tasks.iter().map(|task| {
            let mut permissions = Vec::new();
            if self.aspect.rule != Rule::Task {
                task.formula.permissions(&mut |name| permissions.extend(self.universe.action(name)));
            }
            Alike { permissions, ..single(&format!("{PREFIX}{}", task.name)) }
        });
        alike.into_values().chain(tasks).collect()
    }

    /// Which restrictions become void, or start to bite.
    fn restrictions(
        &self,
        key: &Key,
        members: &[u32],
        (alike, permission): (&Alike, u32),
        every: &Found,
        gathered: &mut Gathered,
    ) {
        if !matches!(self.aspect.rule, Rule::Typed | Rule::Record | Rule::Analytics) || key.exists != [true; 2] {
            return;
        }
        let allowed = [every.before, every.after].map(|it| it.outcome() == Outcome::Allowed);
        let bearing = match allowed {
            [_, true] => Bearing::Void,
            [true, false] => Bearing::Bites,
            [false, false] => return,
        };
        let restricted = |state: usize, profile: u32| {
            let facet = self.facets.get(self.facets.of_profile(state, profile));
            facet.is_some_and(|it| it.restricts(self.aspect.rule) && it.held.has(permission))
        };
        let mut found: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for member in members {
            let Some(person) = self.universe.people.get(*member as usize) else { continue };
            let [before, after] = &person.profiles;
            for profile in after.iter().filter(|profile| restricted(1, **profile)) {
                let was_void = allowed[0] && before.contains(profile) && restricted(0, *profile);
                if bearing == Bearing::Bites || !was_void {
                    found.entry(*profile).or_default().push(*member);
                }
            }
        }
        let state = usize::from(bearing == Bearing::Void);
        for (profile, who) in found {
            let action = alike.names.first().map(|name| &**name).unwrap_or_default();
            let Some(person) = members.first().copied() else { continue };
            let through =
                Asking { universe: self.universe, aspect: self.aspect, state, person }.through(action, &Spot::Every);
            let facets: Vec<_> = through.iter().map(|it| self.facets.of_profile(state, *it)).collect();
            for (because, who) in self.by_profiles(&who, state, &facets) {
                let (type_name, actions) = (self.aspect.type_name, alike.names.clone());
                gathered.restriction(RawRestriction { bearing, type_name, profile, who, actions, because });
            }
        }
    }
}

/// What an identifier or ARN of a flow module, with or without version or alias, comes down to.
fn without_version(name: &str) -> &str {
    let id = name.rsplit('/').next().unwrap_or(name);
    id.split(':').next().unwrap_or(id)
}
