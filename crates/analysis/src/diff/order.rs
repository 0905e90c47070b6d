//! The order in which differences can be applied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use lanyard_model::{Change, Directory, Key, Kind, Names, Resource};

use super::{Difference, Fate};

/// Changes that depend on each other, so that no order exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CyclicChanges {
    /// The resources, in the order of their keys.
    pub keys: Vec<Key>,
}

impl fmt::Display for CyclicChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.keys.iter().take(5).map(Key::to_string).collect();
        write!(
            f,
            "these changes depend on each other: {}{}; a name must be free before another resource takes it, so make \
             them in two steps",
            keys.join(", "),
            if self.keys.len() > 5 { " and others" } else { "" }
        )
    }
}

impl std::error::Error for CyclicChanges {}

/// The changes in an order in which they can be applied to the first state of the differences. A resource is created
/// before the resources that use it, and deleted after them; a name is freed before another resource takes it.
///
/// # Errors
/// Changes that depend on each other, such as two users that exchange their names.
pub fn changes(before: &Directory, differences: &[Difference]) -> Result<Vec<Change>, CyclicChanges> {
    let mut sorted: Vec<&Difference> = differences.iter().collect();
    sorted.sort_by_key(|it| rank(it));
    let places: BTreeMap<Key, usize> = sorted.iter().enumerate().map(|(at, it)| (it.key(), at)).collect();
    let names = freed_names(&sorted);
    // The changes that depend on each change, and the number of changes that each depends on.
    let mut waiting: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); sorted.len()];
    let mut count = vec![0_usize; sorted.len()];
    let mut wait = |later: usize, earlier: usize| {
        if later != earlier
            && let (Some(list), Some(count)) = (waiting.get_mut(earlier), count.get_mut(later))
            && list.insert(later)
        {
            *count += 1;
        }
    };
    for (at, difference) in sorted.iter().enumerate() {
        let fate_at = |place: usize| sorted.get(place).map(|it| it.fate());
        if let Some(after) = difference.change.after() {
            after.references(&mut |target| {
                if let Some(made) = places.get(&target).filter(|place| fate_at(**place) == Some(Fate::Create)) {
                    wait(at, *made);
                }
            });
            if let Some(freed) = unique(after).and_then(|name| names.get(&name)) {
                wait(at, *freed);
            }
        }
        if difference.fate() == Fate::Delete {
            let key = difference.key();
            for user in before.referrers(key.kind, &key.id).filter_map(|user| places.get(user)) {
                wait(at, *user);
            }
        }
    }
    let mut ready: BTreeSet<usize> = count.iter().enumerate().filter(|(_, n)| **n == 0).map(|(at, _)| at).collect();
    let mut ordered = Vec::with_capacity(sorted.len());
    let mut done = BTreeSet::new();
    while let Some(at) = ready.pop_first() {
        done.insert(at);
        ordered.extend(sorted.get(at).map(|it| it.change.clone()));
        for later in waiting.get(at).into_iter().flatten() {
            if let Some(count) = count.get_mut(*later) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(*later);
                }
            }
        }
    }
    if ordered.len() < sorted.len() {
        let left = sorted.iter().enumerate().filter(|(at, _)| !done.contains(at)).map(|(_, it)| it.key());
        let mut keys: Vec<_> = left.collect();
        keys.sort();
        return Err(CyclicChanges { keys });
    }
    Ok(ordered)
}

/// Creations are first, in the order of the kinds; deletions are last, in the opposite order.
fn rank(difference: &Difference) -> (Fate, isize, Key) {
    let key = difference.key();
    let kind = Kind::ALL.iter().position(|kind| *kind == key.kind).and_then(|at| isize::try_from(at).ok());
    let kind = kind.unwrap_or_default();
    let fate = difference.fate();
    (fate, if fate == Fate::Delete { -kind } else { kind }, key)
}

/// The names that changes take away from their resources, with the change.
fn freed_names(sorted: &[&Difference]) -> BTreeMap<(Kind, String), usize> {
    let mut names = BTreeMap::new();
    for (at, difference) in sorted.iter().enumerate() {
        let (old, new) = (difference.change.before().and_then(unique), difference.change.after().and_then(unique));
        if let Some(old) = old.filter(|old| new.as_ref() != Some(old)) {
            names.insert(old, at);
        }
    }
    names
}

fn unique(resource: &Resource) -> Option<(Kind, String)> {
    match resource.kind().names() {
        Names::NotUnique => None,
        names => resource.name().map(|name| (resource.kind(), names.fold(name))),
    }
}
