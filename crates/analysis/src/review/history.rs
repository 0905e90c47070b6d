//! Since when grants exist, from the entries of an instance's log.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lanyard_model::{Entry, Id, Key, Kind, Resource, Timestamp};

/// The entry of the log that brought something about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// Its revision.
    pub revision: u64,
    /// Its time.
    pub time: Timestamp,
    /// The actor.
    pub actor: String,
    /// The operation of the API.
    pub operation: String,
}

/// The members of a list, and the entry since which each is there without a break; `None` where that is an entry that
/// could not be read.
type Dated<T> = HashMap<T, Option<Arc<Since>>>;

/// The security profiles of principals and the permissions of profiles, with the entries since which they are there.
///
/// Entries are given in the order of revisions. Where the first ones cannot be read, what was there before is not dated.
#[derive(Debug, Default)]
pub struct History {
    assigned: HashMap<Key, Dated<Id>>,
    permissions: HashMap<Id, Dated<String>>,
}

impl History {
    /// Follows the next entry.
    pub fn follow(&mut self, revision: u64, entry: &Entry) {
        let mut since = None;
        for change in &entry.changes {
            let (before, after) = (change.before(), change.after());
            let mut now = || {
                let entry = since.get_or_insert_with(|| {
                    let (actor, operation) = (entry.actor.clone(), entry.operation.clone());
                    Arc::new(Since { revision, time: entry.time, actor, operation })
                });
                Arc::clone(entry)
            };
            let key = change.key();
            match key.kind {
                Kind::User | Kind::AiAgent => {
                    let sides = [before, after].map(|side| side.map(profiles).unwrap_or_default());
                    follow(&mut self.assigned, key, sides, after.is_some(), &mut now);
                }
                Kind::SecurityProfile => {
                    let sides = [before, after].map(|side| side.map(permissions).unwrap_or_default());
                    follow(&mut self.permissions, key.id, sides, after.is_some(), &mut now);
                }
                _ => {}
            }
        }
    }

    /// The entry since which the principal has the profile and the profile has one of the permissions: the later of the
    /// two. `None` where it is not known.
    pub(super) fn since(&self, principal: &Key, profile: &Id, permissions: &[String]) -> Option<Arc<Since>> {
        let assigned = self.assigned.get(principal)?.get(profile)?.as_ref()?;
        let held = self.permissions.get(profile)?;
        let mut dates = Vec::new();
        for permission in permissions {
            dates.push(held.get(permission)?.as_ref()?);
        }
        let first = dates.into_iter().min_by_key(|since| since.revision)?;
        Some(Arc::clone(if first.revision > assigned.revision { first } else { assigned }))
    }
}

fn follow<K: std::hash::Hash + Eq, T: std::hash::Hash + Eq + Ord>(
    all: &mut HashMap<K, Dated<T>>,
    key: K,
    sides: [BTreeSet<T>; 2],
    exists: bool,
    now: &mut impl FnMut() -> Arc<Since>,
) {
    if !exists {
        all.remove(&key);
        return;
    }
    let [before, after] = sides;
    let mut known = all.remove(&key).unwrap_or_default();
    let dated = after.into_iter().map(|it| {
        let since = if before.contains(&it) { known.remove(&it).flatten() } else { Some(now()) };
        (it, since)
    });
    all.insert(key, dated.collect());
}

fn profiles(resource: &Resource) -> BTreeSet<Id> {
    match resource {
        Resource::User(user) => user.security_profile_ids.iter().cloned().collect(),
        Resource::AiAgent(agent) => agent.security_profile_ids.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}

fn permissions(resource: &Resource) -> BTreeSet<String> {
    match resource {
        Resource::SecurityProfile(profile) => profile.permissions.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}
