//! Items in the order of their identifiers, for questions about all of a type.
//!
//! Invariants: the numbers of a type's items are in runs. Every identifier in a run is at or after the one that the run
//! is kept under, and before the next run's.

use std::ops::Bound;
use std::sync::Arc;

use lanyard_model::Id;

use crate::item::Group;
use crate::types::Type;

/// An item, and of a user or AI agent what questions about all of them need, so that asking touches nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) at: u32,
    /// The class of a user or AI agent.
    pub(crate) class: u32,
    /// The group of a user.
    pub(crate) group: Group,
}

/// How many items a run holds before it is split.
const RUN: usize = 512;

/// The items of each type. The caller gives the identifier of an item by its number: always the same while the item is
/// in here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    runs: imbl::OrdMap<(Type, Id), Arc<Vec<Row>>>,
}

impl Order {
    /// Puts an item in, or what is new of one that is in.
    pub(crate) fn put<'a>(&mut self, it: Type, id: &Id, row: Row, id_of: impl Fn(u32) -> Option<&'a Id>) {
        let key = self.key_of(it, id).unwrap_or_else(|| first(it));
        let run = Arc::make_mut(self.runs.entry(key).or_default());
        let place = run.partition_point(|other| id_of(other.at) < Some(id));
        if let Some(known) = run.get_mut(place).filter(|other| other.at == row.at) {
            *known = row;
            return;
        }
        run.insert(place, row);
        if run.len() > RUN {
            // Items that are added in order fill one run after the other.
            let rest = run.split_off(if place == RUN { RUN } else { RUN / 2 });
            if let Some(id) = rest.first().and_then(|row| id_of(row.at)) {
                self.runs.insert((it, id.clone()), Arc::new(rest));
            }
        }
    }

    pub(crate) fn remove(&mut self, it: Type, id: &Id, at: u32) {
        let Some(key) = self.key_of(it, id) else { return };
        let Some(run) = self.runs.get_mut(&key) else { return };
        let run = Arc::make_mut(run);
        run.retain(|other| other.at != at);
        if run.is_empty() {
            self.runs.remove(&key);
        }
    }

    /// The key of the run in which an identifier is, if it is in any.
    fn key_of(&self, it: Type, id: &Id) -> Option<(Type, Id)> {
        let (key, _) = self.runs.get_prev(&(it, id.clone()))?;
        (key.0 == it).then(|| key.clone())
    }

    /// The items of a type after an identifier, in order, in runs.
    pub(crate) fn after<'a>(
        &'a self,
        it: Type,
        after: Option<&Id>,
        id_of: &dyn Fn(u32) -> Option<&'a Id>,
    ) -> impl Iterator<Item = &'a [Row]> + use<'a> {
        let key = after.and_then(|id| self.key_of(it, id)).unwrap_or_else(|| first(it));
        let run = self.runs.get(&key).filter(|_| after.is_some());
        let skipped = run.map_or(0, |run| run.partition_point(|row| id_of(row.at) <= after));
        let runs = self.runs.range((Bound::Included(key), Bound::Unbounded));
        let runs = runs.take_while(move |((of, _), _)| *of == it).enumerate();
        runs.map(move |(n, (_, run))| run.get(if n == 0 { skipped } else { 0 }..).unwrap_or_default())
    }
}

/// The key of the first run of a type.
fn first(it: Type) -> (Type, Id) {
    (it, Id::from_uuid(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_in_order_however_they_come_and_go() {
        let ids: Vec<_> = (0..5_000_u128).map(|n| Id::from_uuid(n * 7919 % 5_003)).collect();
        let id_of = |at: u32| ids.get(at as usize);
        let mut order = Order::default();
        let row = |at| Row { at, class: 0, group: Group::Nowhere };
        for (at, id) in (0..).zip(&ids) {
            order.put(Type::AiAgent, id, row(at), id_of);
            order.put(Type::McpServer, id, row(at), id_of);
        }
        for (at, id) in (0..).zip(&ids).filter(|(at, _)| at % 3 == 0) {
            order.remove(Type::AiAgent, id, at);
        }
        let mut left: Vec<_> = (0..).zip(&ids).filter(|(at, _)| at % 3 != 0).map(|(at, id)| (id, at)).collect();
        left.sort_unstable();
        let all =
            |it, after: Option<&Id>| order.after(it, after, &id_of).flatten().map(|row| row.at).collect::<Vec<_>>();
        assert_eq!(all(Type::AiAgent, None), left.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        for after in [0, 1, 700, 3_000, 5_002, 9_000] {
            let after = Id::from_uuid(after);
            let rest: Vec<_> = left.iter().filter(|(id, _)| **id > after).map(|(_, at)| *at).collect();
            assert_eq!(all(Type::AiAgent, Some(&after)), rest);
        }
        assert_eq!(all(Type::McpServer, None).len(), 5_000);
        assert!(all(Type::Application, None).is_empty());
        assert!(order.runs.len() < 60);
    }
}
