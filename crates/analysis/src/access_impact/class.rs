//! Classes of principals that a rule domain does not distinguish, and the decisions of each question for a whole
//! class.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use lanyard_engine::Outcome;
use lanyard_model::Tags;
use lanyard_model::catalogue::ResourceType;

use super::bits::Bits;
use super::extent::{Count, Tally};
use super::gather::{Gathered, Raw, RawExtent, RawRestriction};
use super::probe::{Asking, Probe, split};
use super::rule_domain::{CONTACT_RULES, NO_SIGNATURE, ProfileSignature, ProfileSignatures, Rule, RuleDomain, Within};
use super::through::{self, Through};
use super::universe::{GroupAt, STATES, Universe};
use super::{Bearing, On};
use crate::Judged;

/// The common properties of principals that get the same answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) is_agent: bool,
    exists: [bool; 2],
    signatures: [Vec<u32>; 2],
    /// The principal's own group, where the rules use it.
    group: [GroupAt; 2],
    /// Whether the principal's own group and all groups above it exist, where the rules use it.
    placed: [bool; 2],
    /// Whether the same kinds are known in both states.
    same_sight: bool,
}

impl Key {
    /// Whether nothing about the principals differs between the states.
    pub(super) fn is_unchanged(&self) -> bool {
        self.same_sight
            && self.exists == [true; 2]
            && self.signatures[0] == self.signatures[1]
            && self.group[0] == self.group[1]
            && self.placed[0] == self.placed[1]
    }
}

/// A distinction between resources that a signature makes in one state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Distinction {
    Carries(Tags),
    Below(u32),
    Nowhere,
    Astray,
    /// A table, or a record of one, that has an attribute of this name, which is primary or is not.
    HasAttribute(String, bool),
    /// A record without a primary value of this attribute.
    Lacks(Option<String>),
    /// A record with one of these values of this attribute.
    HasValue(Option<String>, Vec<String>),
    /// A record with values of attributes that are unknown.
    Unnamed,
    /// A record of a table that does not exist.
    NoTable,
}

/// One rule domain during its decision.
pub(crate) struct DomainDecider<'a> {
    pub(super) universe: &'a Universe<'a>,
    pub(super) rule_domain: &'a RuleDomain,
    pub(super) signatures: &'a ProfileSignatures,
    distinctions: HashMap<(usize, Distinction), Rc<Bits>>,
}

/// Actions that every profile of a class treats alike, so that the first represents all.
pub(super) struct Alike {
    pub(super) names: Vec<Rc<str>>,
    /// The number of the first action, where it is a permission; the permissions of a task. Empty where there is no
    /// such number.
    pub(super) permissions: Vec<u32>,
    pub(super) is_task: bool,
    /// Whether only the decisions are needed, and not the profiles that matter.
    pub(super) is_only_counted: bool,
}

/// The decisions of a question before and after, and the signatures that matter for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Decisions {
    before: Judged,
    after: Judged,
    /// The number of the state that the signatures belong to.
    state: usize,
    /// The signatures, in place of profiles.
    through: Through,
}

impl Decisions {
    fn both(&self) -> [Judged; 2] {
        [self.before, self.after]
    }

    fn differs(&self) -> bool {
        self.before != self.after
    }

    /// The same, through the signatures that give a gain on every resource, where some of them give this one.
    fn narrowed(mut self, every: &Self) -> Self {
        let is_gain = self.state == 1 && every.state == 1 && every.after.outcome() == Outcome::Allowed;
        if is_gain && !self.through.together && !every.through.together {
            let shared: Vec<u32> =
                self.through.profiles.iter().copied().filter(|it| every.through.profiles.contains(it)).collect();
            if !shared.is_empty() {
                self.through.profiles = shared;
            }
        }
        self
    }
}

impl<'a> DomainDecider<'a> {
    pub(crate) fn new(
        universe: &'a Universe<'a>,
        rule_domain: &'a RuleDomain,
        signatures: &'a ProfileSignatures,
    ) -> Self {
        Self { universe, rule_domain, signatures, distinctions: HashMap::new() }
    }

    /// Decides every question that may differ.
    pub(crate) fn decide(&mut self, gathered: &mut Gathered) {
        let resources_changed = match self.rule_domain.rule {
            Rule::Typed | Rule::Record | Rule::Analytics | Rule::OwnAnalytics | Rule::Invoke => {
                self.table(self.rule_domain.it)
            }
            Rule::Visible => self.table(ResourceType::User),
            _ => None,
        }
        .is_some_and(|table| !table.changed.is_empty());
        let mut classes: BTreeMap<Key, Vec<u32>> = BTreeMap::new();
        for number in 0..u32::try_from(self.universe.people.len()).unwrap_or(u32::MAX) {
            if !resources_changed && self.is_clearly_unchanged(number) {
                continue;
            }
            let Some(key) = self.key(number) else { continue };
            if !key.is_unchanged() || resources_changed {
                classes.entry(key).or_default().push(number);
            }
        }
        for (key, members) in &classes {
            self.decide_class(key, members, gathered);
        }
    }

    /// Whether a cheap check shows that nothing about a principal differs.
    fn is_clearly_unchanged(&self, number: u32) -> bool {
        let Some(person) = self.universe.people.get(number as usize) else { return true };
        let ([before, after], [old, new]) = (&person.profiles, person.group);
        self.universe.same_sight
            && person.exists == [true; 2]
            && before == after
            && old == new
            && before.iter().all(|it| self.signatures.of_profile(0, *it) == self.signatures.of_profile(1, *it))
            && self.universe.is_placed(0, old) == self.universe.is_placed(1, new)
    }

    pub(super) fn table(&self, it: ResourceType) -> Option<&'a super::universe::Table> {
        self.universe.tables.get(&it)
    }

    /// The class of a principal; `None` where every answer is denied in both states.
    fn key(&self, number: u32) -> Option<Key> {
        let person = self.universe.people.get(number as usize)?;
        let most = if matches!(self.rule_domain.rule, Rule::Analytics | Rule::OwnAnalytics) { 2 } else { 1 };
        let signatures = STATES.map(|state| {
            let profiles = person.profiles.get(state).into_iter().flatten();
            let mut numbers: Vec<u32> = profiles.map(|profile| self.signatures.of_profile(state, *profile)).collect();
            numbers.retain(|number| *number != NO_SIGNATURE);
            numbers.sort_unstable();
            let mut kept: Vec<u32> = Vec::with_capacity(numbers.len());
            for number in numbers {
                if kept.iter().filter(|it| **it == number).count() < most {
                    kept.push(number);
                }
            }
            kept
        });
        if signatures.iter().all(Vec::is_empty) {
            return None;
        }
        let own =
            signatures.iter().flatten().any(|number| self.signatures.get(*number).is_some_and(|it| it.by_own_group));
        let group = if own { person.group } else { [GroupAt::Nowhere; 2] };
        let [before, after] = group;
        let placed = [self.universe.is_placed(0, before), self.universe.is_placed(1, after)];
        let same_sight = self.universe.same_sight;
        Some(Key { is_agent: person.is_agent, exists: person.exists, signatures, group, placed, same_sight })
    }

    pub(super) fn signatures_of<'b>(
        &'b self,
        key: &'b Key,
        state: usize,
    ) -> impl Iterator<Item = &'a ProfileSignature> + 'b {
        key.signatures.get(state).into_iter().flatten().filter_map(|number| self.signatures.get(*number))
    }

    fn decide_class(&mut self, key: &Key, members: &[u32], gathered: &mut Gathered) {
        // A class that differs only in resources is decided only on those resources.
        let of_changed = self.cells(key, true);
        let of_all = if key.is_unchanged() { Vec::new() } else { self.cells(key, false) };
        let probes = self.probes(key);
        if of_changed.is_empty() && of_all.is_empty() && probes.is_empty() {
            return;
        }
        for alike in self.actions(key) {
            let still = key.is_unchanged() || self.is_unchanged_for(key, &alike);
            let cells = if still { &of_changed } else { &of_all };
            let probes = if still && self.rule_domain.rule != Rule::Invoke { &[][..] } else { &probes[..] };
            let Some(person) = members.first().copied() else { continue };
            let decide = |probe: &Probe| self.decide_both(person, &alike, probe);
            let every = probes.contains(&Probe::Every).then(|| decide(&Probe::Every));
            let mut decided: BTreeMap<(Decisions, bool), Bits> = BTreeMap::new();
            let mut tally = Tally::default();
            let mut differs = false;
            for cell in cells {
                let own = self.decide_cell(members, &alike, cell, (&mut decided, &mut tally));
                if let Some((it, who)) = own {
                    differs |= it.differs();
                    self.emit(&who, &alike, &it, &On::Own, gathered);
                }
            }
            for ((it, except_oneself), set) in decided {
                differs |= it.differs();
                let on = On::Stored { set: set.into(), except_oneself };
                let it = every.as_ref().map_or(it.clone(), |every| it.narrowed(every));
                self.emit(members, &alike, &it, &on, gathered);
            }
            let mut some = None;
            for probe in probes {
                if let Probe::Named(name) = probe
                    && !self.may_name(key, name, &alike)
                {
                    continue;
                }
                let it = match (probe, &every) {
                    (Probe::Every, Some(every)) => every.clone(),
                    (probe, Some(every)) => decide(probe).narrowed(every),
                    (probe, None) => decide(probe),
                };
                let on = match probe {
                    Probe::Every if self.rule_domain.type_name == "Instance" => On::Instance,
                    Probe::Every => On::Every,
                    Probe::Some | Probe::One(_) => On::Some,
                    Probe::Own => On::Own,
                    Probe::Named(name) => On::Named(name.as_str().into()),
                    Probe::Like { tags, values } => On::Like { tags: tags.clone(), values: values.clone() },
                };
                differs |= it.differs();
                self.emit(members, &alike, &it, &on, gathered);
                if *probe == Probe::Some {
                    some = Some(it);
                }
            }
            if let (true, Some(every), Some(some)) = (differs, &every, &some) {
                self.extents(members, &alike, [every, some].map(Decisions::both), &tally, gathered);
            }
            if let (Some(every), [permission], false) = (every, alike.permissions.as_slice(), alike.is_task) {
                let permission = *permission;
                self.restrictions(key, members, (&alike, permission), &every, gathered);
            }
        }
    }

    /// Whether the class's profiles treat the actions equally in both states.
    fn is_unchanged_for(&self, key: &Key, alike: &Alike) -> bool {
        let same = key.same_sight && key.exists == [true; 2] && key.group[0] == key.group[1];
        if !same || key.placed[0] != key.placed[1] || alike.permissions.is_empty() {
            return false;
        }
        let mut permissions = alike.permissions.clone();
        if self.rule_domain.rule == Rule::Visible {
            permissions.extend(CONTACT_RULES.iter().filter_map(|name| self.universe.action(name)));
        }
        let [before, after] = STATES.map(|state| {
            let numbers = key.signatures.get(state).into_iter().flatten();
            let mut treatments: Vec<(u32, Vec<bool>)> = numbers
                .filter_map(|number| {
                    let held = &self.signatures.get(*number)?.held;
                    let holds = permissions.iter().map(|it| held.has(*it)).collect();
                    Some((self.signatures.rest(*number), holds))
                })
                .collect();
            treatments.sort_unstable();
            treatments
        });
        before == after
    }

    /// Decides on the resources of a cell. Where the answer differs for the principal itself, it is returned, with those
    /// principals.
    fn decide_cell(
        &self,
        members: &[u32],
        alike: &Alike,
        cell: &Bits,
        (decided, tally): (&mut BTreeMap<(Decisions, bool), Bits>, &mut Tally),
    ) -> Option<(Decisions, Vec<u32>)> {
        let users = self.universe.user_count();
        let by_identity = matches!(self.rule_domain.rule, Rule::Visible | Rule::OwnAnalytics);
        let themselves: Vec<u32> = if by_identity {
            members.iter().copied().filter(|it| (*it as usize) < users && cell.has(*it)).collect()
        } else {
            Vec::new()
        };
        let own = themselves.first().map(|it| self.decide_both(*it, alike, &Probe::One(*it)));
        let pair = if self.rule_domain.rule == Rule::OwnAnalytics {
            None
        } else {
            let apart = |person: u32| cell.iter().find(|it| !by_identity || *it != person).map(|it| (person, it));
            members.iter().take(2).find_map(|person| apart(*person))
        };
        let other = pair.map(|(person, number)| self.decide_both(person, alike, &Probe::One(number)));
        let own_differs = own.is_some() && own != other;
        let counted = other.as_ref().map(Decisions::both);
        if let Some(it) = other {
            tally.add(it.both(), cell.len());
            let set = decided.entry((it, own_differs)).or_insert_with(|| Bits::empty(cell.limit()));
            set.join(cell);
        }
        let own = own.filter(|_| own_differs)?;
        themselves.iter().for_each(|member| tally.replace(*member, counted, own.both()));
        Some((own, themselves))
    }

    /// Gathers the extent of access of a class.
    fn extents(
        &self,
        members: &[u32],
        alike: &Alike,
        [every, some]: [[Judged; 2]; 2],
        tally: &Tally,
        gathered: &mut Gathered,
    ) {
        let extent = |who: Vec<u32>, counts: Option<[Count; 2]>| {
            let (type_name, actions) = (self.rule_domain.type_name, alike.names.clone());
            RawExtent { type_name, who, actions, every, some, counts }
        };
        match self.stored_numbers() {
            None => gathered.extent(extent(members.to_vec(), None)),
            Some(of) => {
                let counts = tally.counts(members, of);
                counts.into_iter().for_each(|(counts, who)| gathered.extent(extent(who, Some(counts))));
            }
        }
    }

    /// The numbers of stored resources of the type before and after; of contacts, of users. `None` where the type is not
    /// stored, and for questions that are not about single resources.
    fn stored_numbers(&self) -> Option<[usize; 2]> {
        let table = self.table(self.resources_type()?)?;
        Some(table.exists.each_ref().map(Bits::len))
    }

    /// The type of the stored resources that the rule decides on; for contacts, that of their agents.
    fn resources_type(&self) -> Option<ResourceType> {
        match self.rule_domain.rule {
            Rule::Typed | Rule::Record | Rule::Analytics | Rule::OwnAnalytics => Some(self.rule_domain.it),
            Rule::Visible => Some(ResourceType::User),
            _ => None,
        }
    }

    /// On how many stored resources an action is decided how for each of these people: of all, and of those that both
    /// states have. `None` for a type that is not stored.
    pub(super) fn counts(&mut self, members: &[u32], action: &str) -> Option<[BTreeMap<[Count; 2], Vec<u32>>; 2]> {
        let of = self.stored_numbers()?;
        let [before, after] = &self.table(self.resources_type()?)?.exists;
        let standing = before.and(after);
        let mut classes: BTreeMap<Option<Key>, Vec<u32>> = BTreeMap::new();
        for member in members {
            classes.entry(self.key(*member)).or_default().push(*member);
        }
        let alike = Alike { names: vec![action.into()], permissions: Vec::new(), is_task: true, is_only_counted: true };
        let mut counts: [BTreeMap<[Count; 2], Vec<u32>>; 2] = [BTreeMap::new(), BTreeMap::new()];
        for (key, members) in classes {
            let (mut all, mut of_both) = (Tally::default(), Tally::default());
            for cell in key.map(|key| self.cells(&key, false)).unwrap_or_default() {
                self.decide_cell(&members, &alike, &cell, (&mut BTreeMap::new(), &mut all));
                // A cell has only resources that exist in the same states.
                if !cell.and(&standing).is_empty() {
                    self.decide_cell(&members, &alike, &cell, (&mut BTreeMap::new(), &mut of_both));
                }
            }
            for (counts, tally) in counts.iter_mut().zip([(&all, of), (&of_both, [standing.len(); 2])]) {
                for (count, who) in tally.0.counts(&members, tally.1) {
                    counts.entry(count).or_default().extend(who);
                }
            }
        }
        Some(counts)
    }

    /// Decides before and after.
    fn decide_both(&self, person: u32, alike: &Alike, probe: &Probe) -> Decisions {
        let action = alike.names.first().map(|name| &**name).unwrap_or_default();
        let asking = |state| Asking { universe: self.universe, rule_domain: self.rule_domain, state, person };
        let (before, after) = (asking(0).judge(action, probe), asking(1).judge(action, probe));
        let state = usize::from(!before.exceeds(after));
        let matters = !alike.is_only_counted && (before != after || before.outcome() == Outcome::Undetermined);
        let mut through = match state {
            _ if !matters => Through::default(),
            0 => through::lost(&asking(0), &asking(1), action, probe),
            _ => through::sufficient(&asking(1), action, probe),
        };
        let mut signatures: Vec<_> = through.profiles.iter().map(|it| self.signatures.of_profile(state, *it)).collect();
        signatures.sort_unstable();
        signatures.dedup();
        through.profiles = signatures;
        Decisions { before, after, state, through }
    }

    fn emit(&self, members: &[u32], alike: &Alike, decisions: &Decisions, on: &On, gathered: &mut Gathered) {
        let Decisions { before, after, state, through } = decisions;
        if before == after && before.outcome() != Outcome::Undetermined {
            return;
        }
        for (profiles, who) in self.by_profiles(members, *state, &through.profiles) {
            let (type_name, actions) = (self.rule_domain.type_name, alike.names.clone());
            let (on, through, together) = (on.clone(), profiles, through.together);
            gathered.effect(Raw { type_name, who, actions, on, before: *before, after: *after, through, together });
        }
    }

    /// The members, grouped by their profiles that have these signatures.
    fn by_profiles(&self, members: &[u32], state: usize, signatures: &[u32]) -> BTreeMap<Vec<u32>, Vec<u32>> {
        let mut all: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
        for member in members {
            let profiles = self.universe.people.get(*member as usize).and_then(|it| it.profiles.get(state));
            let has = |profile: &&u32| signatures.contains(&self.signatures.of_profile(state, **profile));
            let through = profiles.into_iter().flatten().filter(has).copied().collect();
            all.entry(through).or_default().push(*member);
        }
        all
    }

    /// The resources on which the class may find a difference, in parts that it does not distinguish: all resources,
    /// or only those that differ in a property that the class distinguishes.
    fn cells(&mut self, key: &Key, changed: bool) -> Vec<Bits> {
        let Some(it) = self.resources_type() else { return Vec::new() };
        let Some(table) = self.table(it) else { return Vec::new() };
        if changed && table.changed.is_empty() {
            return Vec::new();
        }
        let [before, after] = &table.exists;
        let mut distinctions = [vec![Rc::new(before.clone())], vec![Rc::new(after.clone())]];
        for (state, of_state) in distinctions.iter_mut().enumerate() {
            for distinction in self.distinctions_of(key, state) {
                of_state.push(self.distinguish(state, it, distinction));
            }
        }
        let [old, new] = &distinctions;
        let mut all = before.clone();
        all.join(after);
        if changed {
            // A class with other distinctions than before is decided on every resource that differs.
            all = table.changed.clone();
            if key.is_unchanged() {
                let mut differs = Bits::empty(table.len());
                for (old, new) in old.iter().zip(new) {
                    differs.join_difference(old, new);
                }
                all = all.and(&differs);
            }
        }
        split(all, old.iter().chain(new))
    }

    /// The distinctions that the signatures of a class make.
    fn distinctions_of(&self, key: &Key, state: usize) -> Vec<Distinction> {
        let mut all = Vec::new();
        let mut by_hierarchy = self.rule_domain.rule == Rule::Visible;
        for signature in self.signatures_of(key, state) {
            if let Some(tagged) = &signature.tagged {
                all.push(Distinction::Carries(tagged.tags.clone()));
            }
            by_hierarchy |= signature.within != Within::Everywhere;
            if let Within::Group(id, _) = &signature.within
                && let Some(top) = self.universe.group_number(id)
            {
                all.push(Distinction::Below(top));
            }
        }
        if self.rule_domain.rule == Rule::Record {
            let records = self.signatures_of(key, state).flat_map(|signature| &signature.records);
            for name in records.map(|(name, _)| name.clone().unwrap_or_default()) {
                all.extend([true, false].map(|primary| Distinction::HasAttribute(name.clone(), primary)));
            }
        }
        if self.rule_domain.it == ResourceType::DataTableRecord {
            all.extend([Distinction::Unnamed, Distinction::NoTable]);
            for (name, values) in self.signatures_of(key, state).flat_map(|signature| &signature.records) {
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
                Distinction::Carries(tags) => universe.with_tags(it, state, tags),
                Distinction::Below(top) => universe.users_below(state, *top),
                Distinction::Nowhere => universe.users_without_group(state),
                Distinction::Astray => universe.users_with_unknown_position(state),
                Distinction::HasAttribute(name, primary) => universe.with_attribute(it, state, name, *primary),
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

    /// The restrictions that become void or effective.
    fn restrictions(
        &self,
        key: &Key,
        members: &[u32],
        (alike, permission): (&Alike, u32),
        every: &Decisions,
        gathered: &mut Gathered,
    ) {
        if !matches!(self.rule_domain.rule, Rule::Typed | Rule::Record | Rule::Analytics) || key.exists != [true; 2] {
            return;
        }
        let allowed = [every.before, every.after].map(|it| it.outcome() == Outcome::Allowed);
        let bearing = match allowed {
            [_, true] => Bearing::Void,
            [true, false] => Bearing::Bites,
            [false, false] => return,
        };
        let restricted = |state: usize, profile: u32| {
            let signature = self.signatures.get(self.signatures.of_profile(state, profile));
            signature.is_some_and(|it| it.restricts(self.rule_domain.rule) && it.held.has(permission))
        };
        let mut holders: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for member in members {
            let Some(person) = self.universe.people.get(*member as usize) else { continue };
            let [before, after] = &person.profiles;
            for profile in after.iter().filter(|profile| restricted(1, **profile)) {
                let was_void = allowed[0] && before.contains(profile) && restricted(0, *profile);
                if bearing == Bearing::Bites || !was_void {
                    holders.entry(*profile).or_default().push(*member);
                }
            }
        }
        let state = usize::from(bearing == Bearing::Void);
        for (profile, who) in holders {
            let action = alike.names.first().map(|name| &**name).unwrap_or_default();
            let Some(person) = members.first().copied() else { continue };
            let asking = Asking { universe: self.universe, rule_domain: self.rule_domain, state, person };
            let through = through::sufficient(&asking, action, &Probe::Every);
            let signatures: Vec<_> = through.profiles.iter().map(|it| self.signatures.of_profile(state, *it)).collect();
            for (because, who) in self.by_profiles(&who, state, &signatures) {
                let (type_name, actions) = (self.rule_domain.type_name, alike.names.clone());
                gathered.restriction(RawRestriction { bearing, type_name, profile, who, actions, because });
            }
        }
    }
}
