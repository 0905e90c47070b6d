//! The extent of access: on how many of the stored resources people may do an action, before and after.

use std::collections::BTreeMap;
use std::sync::Arc;

use lanyard_engine::Outcome;
use serde::Serialize;

use crate::Judged;

/// How many of the stored resources of a type an action is allowed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Count {
    /// The number of resources on which it is allowed.
    pub allowed: u32,
    /// The number of resources on which it is undetermined.
    pub undetermined: u32,
    /// The number of stored resources of the type; of contacts, the number of users, who may be their agents.
    pub of: u32,
}

/// The extent of the access that some people gain or lose, before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Extent {
    /// The people, as indices into [`super::AccessImpact::people`]; sorted.
    pub who: Arc<[u32]>,
    /// The actions; sorted.
    pub actions: Vec<Arc<str>>,
    /// The type of resource, as questions name it.
    pub resource_type: &'static str,
    /// The decision on every resource of the type, before and after.
    pub every: [Judged; 2],
    /// The decision on at least one possible resource of the type, before and after.
    pub some: [Judged; 2],
    /// The numbers of stored resources before and after; `None` for a type that an instance does not store.
    pub counts: Option<[Count; 2]>,
}

/// Numbers of resources. A correction of one person's number can be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    allowed: i64,
    undetermined: i64,
}

impl Sum {
    fn add(&mut self, decision: Judged, times: i64) {
        match decision.outcome() {
            Outcome::Allowed => self.allowed += times,
            Outcome::Undetermined => self.undetermined += times,
            Outcome::Denied => {}
        }
    }
}

/// The numbers of a class while its resources are decided.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    all: [Sum; 2],
    /// The differences of the members on whose own account the decision is another one.
    own: BTreeMap<u32, [Sum; 2]>,
}

impl Tally {
    /// Adds resources with this decision before and after.
    pub(crate) fn add(&mut self, decisions: [Judged; 2], resources: usize) {
        let times = i64::try_from(resources).unwrap_or(i64::MAX);
        self.all.iter_mut().zip(decisions).for_each(|(sum, decision)| sum.add(decision, times));
    }

    /// For one member, replaces one resource of the decision `counted` by one of the decision `own`.
    pub(crate) fn replace(&mut self, member: u32, counted: Option<[Judged; 2]>, own: [Judged; 2]) {
        let sums = self.own.entry(member).or_default();
        for (sum, decision) in sums.iter_mut().zip(counted.into_iter().flatten()) {
            sum.add(decision, -1);
        }
        sums.iter_mut().zip(own).for_each(|(sum, decision)| sum.add(decision, 1));
    }

    /// The numbers, each with the members who have it. `of` has the numbers of stored resources before and after.
    pub(crate) fn counts(&self, members: &[u32], of: [usize; 2]) -> BTreeMap<[Count; 2], Vec<u32>> {
        let mut counts: BTreeMap<[Count; 2], Vec<u32>> = BTreeMap::new();
        let number = |sum: i64| u32::try_from(sum).unwrap_or(0);
        let numbers = |own: [Sum; 2]| {
            let [before, after] = [(0, self.all[0], own[0]), (1, self.all[1], own[1])].map(|(state, all, own)| Count {
                allowed: number(all.allowed + own.allowed),
                undetermined: number(all.undetermined + own.undetermined),
                of: of.get(state).and_then(|it| u32::try_from(*it).ok()).unwrap_or(u32::MAX),
            });
            [before, after]
        };
        if self.own.is_empty() {
            counts.insert(numbers([Sum::default(); 2]), members.to_vec());
            return counts;
        }
        for member in members {
            let own = self.own.get(member).copied().unwrap_or_default();
            counts.entry(numbers(own)).or_default().push(*member);
        }
        counts
    }
}
