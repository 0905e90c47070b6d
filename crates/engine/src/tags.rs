//! Sets of tags by number, so that a decision compares numbers. A pair of key and value, and a set of pairs, keep their
//! numbers while anything has them. Most resources have one of a few sets, which they share.

use lanyard_model::Tags;

use crate::chunks::{Chunks, Free};
use crate::index::{Index, fold, hash_text};
use crate::set::Set;

/// The number of a set of tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TagSet(u32);

impl TagSet {
    /// The set without tags.
    pub(crate) const NONE: Self = Self(0);
}

#[derive(Clone, Debug, Default)]
struct Pair {
    key: Box<str>,
    value: Box<str>,
    /// How many sets have it.
    uses: u32,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    /// The numbers of its pairs, in the order of their keys.
    pairs: Set,
    /// How many resources and profiles have it.
    uses: u32,
}

/// The numbers that are given out.
#[derive(Clone, Debug)]
pub(crate) struct Numbering {
    pairs: Chunks<Pair, 32>,
    free_pairs: Free,
    pair_index: Index,
    sets: Chunks<Entry, 64>,
    free_sets: Free,
    set_index: Index,
}

impl Default for Numbering {
    fn default() -> Self {
        let mut sets = Chunks::default();
        sets.push(Entry::default());
        Self {
            pairs: Chunks::default(),
            free_pairs: Free::default(),
            pair_index: Index::default(),
            sets,
            free_sets: Free::default(),
            set_index: Index::default(),
        }
    }
}

impl Numbering {
    /// The numbers of the pairs in a set, in the order of their keys.
    #[inline]
    pub(crate) fn pairs(&self, set: TagSet) -> &[u32] {
        self.sets.get(set.0).map_or(&[], |entry| entry.pairs.numbers())
    }

    /// The number of a set, used once more.
    pub(crate) fn take(&mut self, tags: &Tags) -> TagSet {
        if tags.is_empty() {
            return TagSet::NONE;
        }
        let pairs: Vec<_> = tags.iter().map(|(key, value)| self.pair(key, value)).collect();
        let hash = hash_numbers(&pairs);
        let is = |at| self.sets.get(at).is_some_and(|entry| *entry.pairs.numbers() == *pairs);
        let number = match self.set_index.find(hash, is) {
            Some(number) => number,
            None => {
                for pair in &pairs {
                    if let Some(pair) = self.pairs.get_mut(*pair) {
                        pair.uses += 1;
                    }
                }
                let entry = Entry { pairs: Set::new(&pairs), uses: 0 };
                let number = self.free_sets.place(&mut self.sets, entry);
                self.set_index.insert(hash, number);
                number
            }
        };
        if let Some(entry) = self.sets.get_mut(number) {
            entry.uses += 1;
        }
        TagSet(number)
    }

    /// The number of a pair, which a set is about to use if none does yet.
    fn pair(&mut self, key: &str, value: &str) -> u32 {
        let hash = hash_pair(key, value);
        let is = |at| self.pairs.get(at).is_some_and(|pair| *pair.key == *key && *pair.value == *value);
        self.pair_index.find(hash, is).unwrap_or_else(|| {
            let pair = Pair { key: key.into(), value: value.into(), uses: 0 };
            let number = self.free_pairs.place(&mut self.pairs, pair);
            self.pair_index.insert(hash, number);
            number
        })
    }

    /// Takes back one use of a set.
    pub(crate) fn give_back(&mut self, set: TagSet) {
        if set == TagSet::NONE {
            return;
        }
        let Some(entry) = self.sets.get_mut(set.0) else { return };
        entry.uses -= 1;
        if entry.uses > 0 {
            return;
        }
        let Entry { pairs, .. } = std::mem::take(entry);
        self.set_index.remove(hash_numbers(pairs.numbers()), set.0);
        self.free_sets.vacate(&mut self.sets, set.0);
        for number in pairs.numbers() {
            let Some(pair) = self.pairs.get_mut(*number) else { continue };
            pair.uses -= 1;
            if pair.uses == 0 {
                self.pair_index.remove(hash_pair(&pair.key, &pair.value), *number);
                self.free_pairs.vacate(&mut self.pairs, *number);
            }
        }
    }
}

fn hash_pair(key: &str, value: &str) -> u32 {
    hash_text(u64::from(hash_text(1, key.as_bytes())), value.as_bytes())
}

/// The hash of numbers.
pub(crate) fn hash_numbers(numbers: &[u32]) -> u32 {
    let hash = numbers.iter().fold(1, |hash, number| fold(hash, u64::from(*number) + 1));
    u32::try_from(hash >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn numbers_are_shared_while_they_are_used_and_given_back_after() {
        let mut numbering = Numbering::default();
        let both = numbering.take(&tags(&[("a", "1"), ("b", "2")]));
        let one = numbering.take(&tags(&[("b", "2")]));
        assert_eq!(numbering.take(&tags(&[("b", "2"), ("a", "1")])), both);
        assert_ne!(one, both);
        assert_eq!(numbering.pairs(both).get(1), numbering.pairs(one).first());
        assert_eq!(numbering.take(&Tags::new()), TagSet::NONE);
        numbering.give_back(both);
        assert_eq!(numbering.pairs(both).len(), 2);
        numbering.give_back(both);
        numbering.give_back(TagSet::NONE);
        assert_eq!(numbering.pairs(both).len(), 0);
        assert_eq!(numbering.pairs(one).len(), 1);
        // Released numbers are used again.
        assert_eq!(numbering.take(&tags(&[("c", "3")])), both);
        assert_eq!(numbering.pairs.len(), 2);
    }
}
