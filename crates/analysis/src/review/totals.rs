//! Totals: counts of the rows.

use std::collections::BTreeMap;

use lanyard_engine::Outcome;

use super::Review;

/// A number of principals by how certain their access is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Those who may for certain.
    pub certain: usize,
    /// Those for whom it is undetermined.
    pub undetermined: usize,
}

impl Count {
    /// All of them.
    #[must_use]
    pub fn all(self) -> usize {
        self.certain + self.undetermined
    }
}

/// The totals of an item, or of the whole review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The users.
    pub users: Count,
    /// The AI agents.
    pub ai_agents: Count,
    /// The rows.
    pub rows: usize,
}

impl Review {
    /// The totals of an item, or of all items: a principal that may one of them for certain is certain.
    #[must_use]
    pub fn totals(&self, item: Option<usize>) -> Totals {
        let mut totals = Totals::default();
        let mut certain: BTreeMap<usize, bool> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| item.is_none_or(|item| row.item == item)) {
            totals.rows += 1;
            *certain.entry(row.person).or_default() |= row.access.outcome == Outcome::Allowed;
        }
        for (person, is_certain) in certain {
            let is_agent = self.people.get(person).is_some_and(|it| it.is_agent);
            let count = if is_agent { &mut totals.ai_agents } else { &mut totals.users };
            *(if is_certain { &mut count.certain } else { &mut count.undetermined }) += 1;
        }
        totals
    }
}
