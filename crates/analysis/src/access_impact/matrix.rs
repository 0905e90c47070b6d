//! The matrix of people and actions, before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lanyard_engine::Outcome;
use lanyard_engine::tasks::{self, PREFIX, TASKS};
use lanyard_model::catalogue::{Catalogue, ResourceType};

use super::class::DomainDecider;
use super::extent::Count;
use super::probe::{Asking, Probe};
use super::rule_domain::{Rule, RuleDomain};
use super::universe::{GroupAt, STATES, Universe};
use super::{Effect, Named, On};
use crate::sensitive::Risk;

/// The extent to which people may do an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing.
    None,
    /// It is undetermined whether anything.
    Perhaps,
    /// On some resources.
    Some,
    /// On every resource of the type.
    All,
}

impl Level {
    /// Its name, as data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Perhaps => "perhaps",
            Self::Some => "some",
            Self::All => "all",
        }
    }
}

/// People by actions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Tasks and permissions, the most sensitive first, then those that the most people gain or lose.
    pub columns: Vec<Arc<str>>,
    /// Groups of people with the same profiles before and the same profiles after, the largest first.
    pub rows: Vec<Row>,
    /// The number of groups of people that are left out.
    pub left_out: usize,
}

/// People with the same profiles before and the same profiles after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The people, as indices into [`super::AccessImpact::people`].
    pub who: Vec<u32>,
    /// Their profiles before and after, as indices into [`super::AccessImpact::profiles`].
    pub profiles: [Vec<u32>; 2],
    /// The access to each column.
    pub cells: Vec<Cell>,
}

/// The access of some people to an action, before and after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The levels, over all types that the action acts on: `All` only where it is allowed on every resource of each of them.
    pub levels: [Level; 2],
    /// The access to each type. Types on which there is none before and after are left out.
    pub types: Vec<OfType>,
}

/// The access of some people to an action on a type of resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfType {
    /// The type of resource, as questions name it.
    pub resource_type: &'static str,
    /// The levels before and after.
    pub levels: [Level; 2],
    /// The numbers of stored resources before and after: those of the person with the fewest and of the one with the most.
    /// `None` for a type that is not stored, where the levels are `All` or `None`, and where nothing differs.
    pub counts: Option<[[Count; 2]; 2]>,
    /// The same of the stored resources that both states have.
    pub standing: Option<[[Count; 2]; 2]>,
}

/// The common properties of a group of people: AI agents or not, profiles, position in the hierarchy, existence.
type Alike = (bool, [Vec<u32>; 2], [(GroupKind, bool); 2], [bool; 2]);

/// Whether a person is in a hierarchy group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum GroupKind {
    Nowhere,
    Missing,
    Somewhere,
}

/// The maximum number of groups of people.
const ROWS: usize = 120;
/// The maximum number of permissions, in addition to the tasks.
const PERMISSIONS: usize = 24;

/// The matrix of these effects. `named` are the profiles, by index.
pub(super) fn matrix(
    universe: &Universe<'_>,
    catalogue: &Catalogue,
    deciders: &mut [DomainDecider<'_>],
    effects: &[Effect],
    named: &[Named],
) -> Matrix {
    // Access to a resource that is new or deleted is no change of the people's own access.
    let is_of_new = |it: &&Effect| match &it.on {
        On::Stored { set, .. } => {
            let name = if it.resource_type == "Contact" { "User" } else { it.resource_type };
            let table = ResourceType::from_name(name).and_then(|it| universe.tables.get(&it));
            table.is_some_and(|table| !set.iter().any(|at| table.exists.iter().all(|exists| exists.has(at))))
        }
        _ => false,
    };
    let mut people: BTreeSet<u32> = BTreeSet::new();
    let mut changed: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for effect in effects.iter().filter(|it| !is_of_new(it)) {
        people.extend(effect.who.iter());
        for action in &effect.actions {
            changed.entry(action).or_default().extend(effect.who.iter());
        }
    }
    let columns = columns(catalogue, effects);
    let mut groups: Vec<_> = groups(universe, people).into_iter().collect();
    let names = |profiles: &Vec<u32>| {
        let mut names: Vec<_> = profiles.iter().filter_map(|it| named.get(*it as usize)).map(|it| &it.name).collect();
        names.sort_unstable();
        names
    };
    groups
        .sort_by_cached_key(|((_, profiles, ..), who)| (std::cmp::Reverse(who.len()), profiles.each_ref().map(names)));
    let mut rows: Vec<Row> = Vec::new();
    let left_out = groups.len().saturating_sub(ROWS);
    for ((_, profiles, ..), who) in groups.into_iter().take(ROWS) {
        let cells: Vec<Cell> = columns
            .iter()
            .map(|action| {
                let is_changed = changed.get(&**action).is_some_and(|all| who.iter().any(|it| all.contains(it)));
                cell(universe, catalogue, (&mut *deciders, is_changed), &who, action)
            })
            .collect();
        match rows.iter_mut().find(|row| row.profiles == profiles && row.cells == cells) {
            Some(row) => row.who.extend(who),
            None => rows.push(Row { who, profiles, cells }),
        }
    }
    // A column in which nothing changes has no information.
    let says: Vec<bool> =
        (0..columns.len()).map(|at| rows.iter().any(|row| row.cells.get(at).is_some_and(Cell::changes))).collect();
    let kept = |at: &usize| says.get(*at).copied().unwrap_or(false);
    let columns = columns.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, it)| it).collect();
    for row in &mut rows {
        let cells = std::mem::take(&mut row.cells);
        row.cells = cells.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, it)| it).collect();
        row.who.sort_unstable();
    }
    Matrix { columns, rows, left_out }
}

/// Every task, and the permissions that the most people gain or lose: sensitive ones first.
fn columns(catalogue: &Catalogue, effects: &[Effect]) -> Vec<Arc<str>> {
    let mut counts: BTreeMap<&Arc<str>, BTreeSet<u32>> = BTreeMap::new();
    for effect in effects.iter().filter(|it| !it.actions.is_empty() && !matches!(it.on, On::Named(_))) {
        for action in effect.actions.iter().filter(|action| catalogue.get(action).is_some()) {
            counts.entry(action).or_default().extend(effect.who.iter());
        }
    }
    let mut permissions: Vec<_> = counts.into_iter().collect();
    permissions.sort_by_key(|(action, who)| (Risk::of(action), std::cmp::Reverse(who.len())));
    permissions.truncate(PERMISSIONS);
    permissions.sort_by_key(|(action, _)| (Risk::of(action), Arc::clone(action)));
    let mut tasks: Vec<Arc<str>> = TASKS.iter().map(|task| Arc::from(format!("{PREFIX}{}", task.name))).collect();
    tasks.sort_by_key(|task| Risk::of(task));
    tasks.into_iter().chain(permissions.into_iter().map(|(action, _)| Arc::clone(action))).collect()
}

/// The people in groups whose members get the same levels.
fn groups(universe: &Universe<'_>, people: BTreeSet<u32>) -> BTreeMap<Alike, Vec<u32>> {
    let mut groups: BTreeMap<Alike, Vec<u32>> = BTreeMap::new();
    for who in people {
        let Some(person) = universe.people.get(who as usize) else { continue };
        let profiles = person.profiles.each_ref().map(|profiles| {
            let mut profiles = profiles.to_vec();
            profiles.sort_unstable();
            profiles
        });
        let [before, after] = person.group;
        let group = [(0, before), (1, after)].map(|(state, group)| {
            let kind = match group {
                GroupAt::Nowhere => GroupKind::Nowhere,
                GroupAt::Missing => GroupKind::Missing,
                GroupAt::At(_) => GroupKind::Somewhere,
            };
            (kind, universe.is_placed(state, group))
        });
        groups.entry((person.is_agent, profiles, group, person.exists)).or_default().push(who);
    }
    groups
}

impl Cell {
    /// Whether the access differs: a level, or the number of resources that both states have.
    #[must_use]
    pub fn changes(&self) -> bool {
        let [old, new] = self.levels;
        old != new || self.types.iter().any(OfType::changes)
    }
}

impl OfType {
    /// Whether the access differs: the level, or the number of resources that both states have.
    #[must_use]
    pub fn changes(&self) -> bool {
        let [old, new] = self.levels;
        let numbers = |range: [Count; 2]| range.map(|it| (it.allowed, it.undetermined));
        old != new || self.standing.is_some_and(|[old, new]| numbers(old) != numbers(new))
    }
}

fn cell(
    universe: &Universe<'_>,
    catalogue: &Catalogue,
    (deciders, is_changed): (&mut [DomainDecider<'_>], bool),
    who: &[u32],
    action: &Arc<str>,
) -> Cell {
    let mut types: Vec<OfType> = Vec::new();
    for it in types_of(catalogue, action) {
        let levels = STATES.map(|state| level(universe, state, who, action, it));
        let is_partial = is_changed && levels.iter().any(|level| matches!(level, Level::Perhaps | Level::Some));
        let number = universe.action(action);
        let decider = deciders.iter_mut().find(|decider| {
            let rule_domain = decider.rule_domain;
            rule_domain.it == it
                && (number.is_some_and(|number| rule_domain.actions.has(number))
                    || rule_domain.tasks.iter().any(|task| action.strip_prefix(PREFIX) == Some(task.name)))
        });
        let counts = decider.filter(|_| is_partial).and_then(|decider| decider.counts(who, action));
        let [counts, standing] = counts.map_or([None, None], |counts| counts.each_ref().map(range));
        types.push(OfType { resource_type: it.as_str(), levels, counts, standing });
    }
    let levels = STATES.map(|state| {
        let levels = || types.iter().filter_map(|it| it.levels.get(state).copied());
        match (levels().min(), levels().max()) {
            (Some(Level::All), _) => Level::All,
            (_, Some(Level::All)) => Level::Some,
            (_, most) => most.unwrap_or(Level::None),
        }
    });
    // A task on the instance, which asks about resources that may come to exist too, counts where no type has access.
    let levels = match action.strip_prefix(PREFIX).and_then(tasks::find) {
        Some(task) if task.resource_types.contains(&ResourceType::Instance.as_str()) => {
            let [old, new] = STATES.map(|state| level(universe, state, who, action, ResourceType::Instance));
            let [before, after] = levels;
            [before.max(old.min(Level::Some)), after.max(new.min(Level::Some))]
        }
        _ => levels,
    };
    types.retain(|it| it.levels != [Level::None; 2]);
    Cell { levels, types }
}

/// The least and the most of the numbers of some people, before and after.
fn range(counts: &BTreeMap<[Count; 2], Vec<u32>>) -> Option<[[Count; 2]; 2]> {
    let of_state = |state: usize| {
        let all = || counts.keys().filter_map(move |it| it.get(state)).copied();
        let least = all().min_by_key(|it| (it.allowed, it.undetermined))?;
        let most = all().max_by_key(|it| (it.allowed, it.undetermined))?;
        Some([least, most])
    };
    Some([of_state(0)?, of_state(1)?])
}

/// The types of resource that an action is asked on; the instance only where there is no other.
fn types_of(catalogue: &Catalogue, action: &str) -> Vec<ResourceType> {
    let all: Vec<ResourceType> = match action.strip_prefix(PREFIX).and_then(tasks::find) {
        Some(task) => task.resource_types.iter().filter_map(|name| ResourceType::from_name(name)).collect(),
        None => catalogue.get(action).map_or_else(Vec::new, |it| it.resource_types().to_vec()),
    };
    let types: Vec<ResourceType> = all.into_iter().filter(|it| *it != ResourceType::Instance).collect();
    if types.is_empty() { vec![ResourceType::Instance] } else { types }
}

/// The level of an action on a type, which is the same for all of these people.
fn level(universe: &Universe<'_>, state: usize, who: &[u32], action: &str, it: ResourceType) -> Level {
    let Some(person) = who.first().copied() else { return Level::None };
    let judge = |probe| {
        let rule_domain = RuleDomain::asking(Rule::Typed, it);
        Asking { universe, rule_domain: &rule_domain, state, person }.judge(action, &probe).outcome()
    };
    match (judge(Probe::Every), judge(Probe::Some)) {
        (Outcome::Allowed, _) => Level::All,
        (_, Outcome::Allowed) => Level::Some,
        (Outcome::Denied, Outcome::Denied) => Level::None,
        _ => Level::Perhaps,
    }
}
