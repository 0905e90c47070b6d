//! The matrix of people and actions, before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lanyard_engine::Outcome;
use lanyard_engine::tasks::{self, PREFIX, TASKS};
use lanyard_model::catalogue::{Catalogue, ResourceType};

use super::probe::{Asking, Probe};
use super::rule_domain::{Rule, RuleDomain};
use super::universe::{GroupAt, STATES, Universe};
use super::{Effect, On};

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
    /// Tasks, then the permissions that the most people gain or lose.
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
    /// The level of each column before and after.
    pub cells: Vec<[Level; 2]>,
}

/// The common properties of a group of people: AI agents or not, profiles, membership in a hierarchy group,
/// existence.
type Alike = (bool, [Vec<u32>; 2], [bool; 2], [bool; 2]);

/// The maximum number of groups of people.
const ROWS: usize = 40;
/// The maximum number of permissions, in addition to the tasks.
const PERMISSIONS: usize = 24;

/// The matrix of these effects.
pub(super) fn matrix(universe: &Universe<'_>, catalogue: &Catalogue, effects: &[Effect]) -> Matrix {
    let people: BTreeSet<u32> = effects.iter().flat_map(|it| it.who.iter().copied()).collect();
    let mut counts: BTreeMap<&Arc<str>, BTreeSet<u32>> = BTreeMap::new();
    for effect in effects.iter().filter(|it| !it.actions.is_empty() && !matches!(it.on, On::Named(_))) {
        for action in effect.actions.iter().filter(|action| catalogue.get(action).is_some()) {
            counts.entry(action).or_default().extend(effect.who.iter());
        }
    }
    let mut permissions: Vec<_> = counts.into_iter().collect();
    permissions.sort_by_key(|(_, who)| std::cmp::Reverse(who.len()));
    permissions.truncate(PERMISSIONS);
    permissions.sort_by_key(|(action, _)| Arc::clone(action));
    let tasks = TASKS.iter().map(|task| Arc::from(format!("{PREFIX}{}", task.name)));
    let columns: Vec<Arc<str>> = tasks.chain(permissions.into_iter().map(|(action, _)| Arc::clone(action))).collect();
    let mut groups: BTreeMap<Alike, Vec<u32>> = BTreeMap::new();
    for who in people {
        let Some(person) = universe.people.get(who as usize) else { continue };
        let profiles = person.profiles.each_ref().map(|profiles| {
            let mut profiles = profiles.to_vec();
            profiles.sort_unstable();
            profiles
        });
        let grouped = person.group.map(|group| group != GroupAt::Nowhere);
        groups.entry((person.is_agent, profiles, grouped, person.exists)).or_default().push(who);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, who)| std::cmp::Reverse(who.len()));
    let mut rows: Vec<Row> = Vec::new();
    let mut left_out = 0;
    for ((_, profiles, ..), who) in groups {
        let Some(first) = who.first().copied() else { continue };
        if rows.len() == ROWS {
            left_out += 1;
            continue;
        }
        let cells: Vec<[Level; 2]> =
            columns.iter().map(|action| STATES.map(|state| level(universe, catalogue, state, first, action))).collect();
        match rows.iter_mut().find(|row| row.profiles == profiles && row.cells == cells) {
            Some(row) => row.who.extend(who),
            None => rows.push(Row { who, profiles, cells }),
        }
    }
    // A column in which nobody may do anything has no information.
    let says: Vec<bool> = (0..columns.len())
        .map(|at| rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| *cell != [Level::None; 2])))
        .collect();
    let kept = |at: &usize| says.get(*at).copied().unwrap_or(false);
    let columns = columns.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, it)| it).collect();
    for row in &mut rows {
        let cells = std::mem::take(&mut row.cells);
        row.cells = cells.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, it)| it).collect();
        row.who.sort_unstable();
    }
    Matrix { columns, rows, left_out }
}

fn level(universe: &Universe<'_>, catalogue: &Catalogue, state: usize, person: u32, action: &str) -> Level {
    let types = catalogue.get(action).map_or(&[ResourceType::Instance][..], |it| it.resource_types());
    let it = types.first().copied().unwrap_or(ResourceType::Instance);
    // A task on the instance is a question about any resource; the type's own question covers every resource.
    let of_task = action.strip_prefix(PREFIX).and_then(tasks::find).and_then(|task| {
        let mut types = task.resource_types.iter().filter_map(|name| ResourceType::from_name(name));
        types.find(|it| *it != ResourceType::Instance)
    });
    let judge = |it, probe| {
        let rule_domain = RuleDomain::asking(Rule::Typed, it);
        Asking { universe, rule_domain: &rule_domain, state, person }.judge(action, &probe).outcome()
    };
    let (every, some) = (judge(of_task.unwrap_or(it), Probe::Every), judge(it, Probe::Some));
    match (every, some) {
        (Outcome::Allowed, _) => Level::All,
        (_, Outcome::Allowed) => Level::Some,
        (Outcome::Denied, Outcome::Denied) => Level::None,
        _ => Level::Perhaps,
    }
}
