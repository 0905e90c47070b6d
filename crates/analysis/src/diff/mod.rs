//! The differences between two states of an instance: by resource, by member.
//!
//! Invariants: the [`changes`] of the differences, applied to the first state in their order, make each differing
//! resource equal to the second state. Every reference exists when the change that has it is applied. No resource is
//! deleted while another refers to it.

mod members;
mod order;

use lanyard_model::{Change, Directory, Key, Kind, Resource};
use serde::{Deserialize, Serialize};

use crate::names::name_of;
pub use members::{Edit, Member, ValueNames};
pub use order::{CyclicChanges, changes};

/// The difference of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its display name: after the change, or before where it is deleted.
    pub name: String,
    /// The resource before and after. Members that the service itself maintains have their values of before.
    pub change: Change,
    /// The members that differ, in the order of their names. A created or deleted resource has every member that is
    /// not empty.
    pub members: Vec<Member>,
}

/// The change of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is created.
    Create,
    /// It is changed.
    Update,
    /// It is deleted.
    Delete,
}

impl Fate {
    /// The sign of the change: `+`, `~` or `-`.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Delete => "-",
        }
    }
}

impl Difference {
    /// The resource.
    #[must_use]
    pub fn key(&self) -> Key {
        self.change.key()
    }

    /// The change.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match self.change {
            Change::Create(_) => Fate::Create,
            Change::Update { .. } => Fate::Update,
            Change::Delete(_) => Fate::Delete,
        }
    }
}

/// The kinds that are not part of a configuration: internal data of Lanyard.
const NOT_CONFIGURED: [Kind; 3] = [Kind::InstanceRecord, Kind::ClientToken, Kind::DecisionToken];

/// Every resource that differs, by kind, in the order of identifiers. Members that the service itself maintains
/// (`LastModifiedTime` …) are not compared.
#[must_use]
pub fn diff(before: &Directory, after: &Directory) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut one = |resource: Resource| {
        let other = before.get(resource.kind(), &resource.id());
        all.extend(difference(before, after, other, Some(resource)));
    };
    after.iter().filter(|it| !NOT_CONFIGURED.contains(&it.kind())).for_each(&mut one);
    let gone = before.iter().filter(|it| !NOT_CONFIGURED.contains(&it.kind()));
    for resource in gone.filter(|it| after.get(it.kind(), &it.id()).is_none()) {
        all.extend(difference(before, after, Some(resource), None));
    }
    all.sort_by_cached_key(Difference::key);
    all
}

fn difference(
    before: &Directory,
    after: &Directory,
    old: Option<Resource>,
    new: Option<Resource>,
) -> Option<Difference> {
    if old == new {
        return None;
    }
    let members = members::compare(old.as_ref(), new.as_ref());
    Some(match (old, new) {
        (Some(old), Some(new)) => {
            if members.is_empty() {
                return None;
            }
            let new = members::with_maintained(&old, new);
            Difference { name: name_of(after, &new), change: Change::Update { before: old, after: new }, members }
        }
        (None, Some(new)) => Difference { name: name_of(after, &new), change: Change::Create(new), members },
        (Some(old), None) => Difference { name: name_of(before, &old), change: Change::Delete(old), members },
        (None, None) => return None,
    })
}
