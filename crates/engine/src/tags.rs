//! Pairs of tag key and value by number, so that a decision compares numbers. A pair keeps its number while anything
//! has it.

use std::sync::Arc;

use lanyard_model::Tags;

/// The numbers of some pairs.
pub(crate) type Pairs = Arc<[u32]>;

type Pair = (Arc<str>, Arc<str>);

/// The numbers that are given out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbering {
    numbers: imbl::OrdMap<Pair, u32>,
    /// The pair of a number, and how many resources and profiles have it.
    uses: imbl::OrdMap<u32, (Pair, u32)>,
    free: imbl::Vector<u32>,
}

impl Numbering {
    /// The numbers of the tags, each used once more; `None` without tags.
    pub(crate) fn take(&mut self, tags: &Tags) -> Option<Pairs> {
        (!tags.is_empty()).then(|| tags.iter().map(|(key, value)| self.take_one(key, value)).collect())
    }

    fn take_one(&mut self, key: &str, value: &str) -> u32 {
        let pair = (Arc::from(key), Arc::from(value));
        let number = match self.numbers.get(&pair) {
            Some(number) => *number,
            None => {
                let next = u32::try_from(self.uses.len()).unwrap_or(u32::MAX);
                let number = self.free.pop_back().unwrap_or(next);
                self.numbers.insert(pair.clone(), number);
                number
            }
        };
        self.uses.entry(number).or_insert((pair, 0)).1 += 1;
        number
    }

    /// Takes back one use of each number.
    pub(crate) fn give_back(&mut self, pairs: Option<&Pairs>) {
        for number in pairs.into_iter().flat_map(|pairs| pairs.iter()) {
            let Some((_, count)) = self.uses.get_mut(number) else { continue };
            *count -= 1;
            if *count == 0
                && let Some((pair, _)) = self.uses.remove(number)
            {
                self.numbers.remove(&pair);
                self.free.push_back(*number);
            }
        }
    }
}
