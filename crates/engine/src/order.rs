//! Items in the order of their identifiers, for questions that go through all of a type.
//!
//! What always holds: the numbers of a type's items stand in runs. Every identifier in a run is at or after the one that
//! the run is kept under, and before the next run's.

use std::ops::Bound;
use std::sync::Arc;

use lanyard_model::Id;

use crate::types::Type;

/// How many numbers a run holds before it is split.
const RUN: usize = 512;

/// The numbers of the items of each type. What the identifier of a number is, the caller says: always the same while the
/// number is in here, from the moment it is put in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    runs: imbl::OrdMap<(Type, Id), Arc<Vec<u32>>>,
}

impl Order {
    pub(crate) fn insert<'a>(&mut self, it: Type, id: &Id, at: u32, id_of: impl Fn(u32) -> Option<&'a Id>) {
        let key = self.key_of(it, id).unwrap_or_else(|| first(it));
        let run = Arc::make_mut(self.runs.entry(key).or_default());
        let place = run.partition_point(|other| id_of(*other) < Some(id));
        run.insert(place, at);
        if run.len() > RUN {
            // What comes in order fills one run after the other.
            let rest = run.split_off(if place == RUN { RUN } else { RUN / 2 });
            if let Some(id) = rest.first().and_then(|at| id_of(*at)) {
                self.runs.insert((it, id.clone()), Arc::new(rest));
            }
        }
    }

    pub(crate) fn remove(&mut self, it: Type, id: &Id, at: u32) {
        let Some(key) = self.key_of(it, id) else { return };
        let Some(run) = self.runs.get_mut(&key) else { return };
        let run = Arc::make_mut(run);
        run.retain(|other| *other != at);
        if run.is_empty() {
            self.runs.remove(&key);
        }
    }

    /// What the run is kept under in which an identifier is, if it is in any.
    fn key_of(&self, it: Type, id: &Id) -> Option<(Type, Id)> {
        let (key, _) = self.runs.get_prev(&(it, id.clone()))?;
        (key.0 == it).then(|| key.clone())
    }

    /// The numbers of the items of a type after an identifier, in order.
    pub(crate) fn after<'a>(
        &'a self,
        it: Type,
        after: Option<&Id>,
        id_of: &dyn Fn(u32) -> Option<&'a Id>,
    ) -> impl Iterator<Item = u32> + use<'a> {
        let key = after.and_then(|id| self.key_of(it, id)).unwrap_or_else(|| first(it));
        let run = self.runs.get(&key).filter(|_| after.is_some());
        let skipped = run.map_or(0, |run| run.partition_point(|at| id_of(*at) <= after));
        let runs = self.runs.range((Bound::Included(key), Bound::Unbounded));
        let runs = runs.take_while(move |((of, _), _)| *of == it).enumerate();
        runs.flat_map(move |(n, (_, run))| run.get(if n == 0 { skipped } else { 0 }..).unwrap_or_default()).copied()
    }
}

/// What the first run of a type is kept under.
fn first(it: Type) -> (Type, Id) {
    (it, Id::from_uuid(0))
}
