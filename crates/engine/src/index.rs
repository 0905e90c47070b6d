//! From a hash to the numbers of what has it: open addressing in shared segments, so that a look-up touches the same few
//! places of memory whatever the size (the list of segments, a slot, and mostly no further line), and an insertion
//! copies one segment.
//!
//! The index holds 32 bits of each hash and nothing of the keys: who looks up compares the key with what is found. The
//! high bits of a hash lead to its segment, the low bits to where in the segment its slot is looked for first.

use std::sync::Arc;

use lanyard_model::IdRef;

/// How many slots a segment has at first, and before it is split in two rather than enlarged.
const FIRST: usize = 8;
const MOST: usize = 1024;
/// How many entries there are for each place in the list of segments, at least. A list that would need more places,
/// because many hashes are alike, lets its segments grow instead.
const SPARSEST: usize = 128;

/// Stands for no value.
const EMPTY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    value: u32,
}

const EMPTY_SLOT: Slot = Slot { hash: 0, value: EMPTY };

/// The entries whose hashes agree in the high `depth` bits. The number of slots is a power of two, and a quarter of them
/// are empty at least.
#[derive(Clone, Debug)]
struct Segment {
    slots: Arc<[Slot]>,
    depth: u32,
    used: u32,
}

impl Segment {
    fn new(slots: usize, depth: u32) -> Self {
        Self { slots: std::iter::repeat_n(EMPTY_SLOT, slots).collect(), depth, used: 0 }
    }

    /// A segment of this size and depth with these entries, which it has room for.
    fn of(entries: impl Iterator<Item = Slot>, slots: usize, depth: u32) -> Self {
        let mut segment = Self::new(slots, depth);
        entries.for_each(|entry| segment.insert(entry));
        segment
    }

    fn entries(&self) -> impl Iterator<Item = Slot> + '_ {
        self.slots.iter().copied().filter(|slot| slot.value != EMPTY)
    }

    fn is_full(&self) -> bool {
        self.used as usize * 4 >= self.slots.len() * 3
    }

    fn insert(&mut self, entry: Slot) {
        let slots = Arc::make_mut(&mut self.slots);
        let mask = slots.len() - 1;
        let mut at = entry.hash as usize & mask;
        while let Some(slot) = slots.get_mut(at) {
            if slot.value == EMPTY {
                *slot = entry;
                self.used += 1;
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// Removes an entry; those behind it move up, so that none is cut off from where it is looked for.
    fn remove(&mut self, hash: u32, value: u32) {
        let mask = self.slots.len() - 1;
        let found = |at: &usize| self.slots.get(*at).is_some_and(|slot| (slot.hash, slot.value) == (hash, value));
        let Some(mut hole) = (0..self.slots.len()).map(|step| (hash as usize + step) & mask).find(found) else {
            return;
        };
        let slots = Arc::make_mut(&mut self.slots);
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let Some(slot) = slots.get(at).copied().filter(|slot| slot.value != EMPTY) else { break };
            let (home, behind) = (slot.hash as usize & mask, at.wrapping_sub(hole) & mask);
            if at.wrapping_sub(home) & mask >= behind {
                if let Some(place) = slots.get_mut(hole) {
                    *place = slot;
                }
                hole = at;
            }
        }
        if let Some(place) = slots.get_mut(hole) {
            *place = EMPTY_SLOT;
        }
        self.used -= 1;
    }
}

/// Several values may share a hash.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// For each value of the high `depth` bits of a hash, its segment.
    spine: Arc<[Segment]>,
    depth: u32,
    count: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self { spine: Arc::new([Segment::new(FIRST, 0)]), depth: 0, count: 0 }
    }
}

impl Index {
    /// The first value with this hash that is what is looked for.
    #[inline]
    pub(crate) fn find(&self, hash: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        let slots = &*self.spine.get(high_bits(hash, self.depth))?.slots;
        let mask = slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        loop {
            let slot = slots.get(at)?;
            if slot.value == EMPTY {
                return None;
            }
            if slot.hash == hash && is(slot.value) {
                return Some(slot.value);
            }
            at = (at + 1) & mask;
        }
    }

    pub(crate) fn insert(&mut self, hash: u32, value: u32) {
        while self.spine.get(high_bits(hash, self.depth)).is_some_and(Segment::is_full) {
            self.make_room(hash);
        }
        if let Some(segment) = self.change(hash) {
            segment.insert(Slot { hash, value });
            self.count += 1;
        }
    }

    pub(crate) fn remove(&mut self, hash: u32, value: u32) {
        if let Some(segment) = self.change(hash) {
            let before = segment.used;
            segment.remove(hash, value);
            self.count -= (before - segment.used) as usize;
        }
    }

    /// The segment of this hash. One that stands in several places of the list is split before, so that it stands in
    /// one.
    fn change(&mut self, hash: u32) -> Option<&mut Segment> {
        let at = high_bits(hash, self.depth);
        while self.spine.get(at).is_some_and(|segment| segment.depth < self.depth) {
            self.split(at);
        }
        Arc::make_mut(&mut self.spine).get_mut(at)
    }

    /// Enlarges the segment of this hash, or splits it.
    fn make_room(&mut self, hash: u32) {
        let at = high_bits(hash, self.depth);
        let Some(segment) = self.spine.get(at) else { return };
        if segment.depth < self.depth {
            self.split(at);
        } else if segment.slots.len() < MOST || self.depth >= 31 || self.spine.len() * SPARSEST > self.count {
            let larger = Segment::of(segment.entries(), segment.slots.len() * 2, segment.depth);
            if let Some(place) = Arc::make_mut(&mut self.spine).get_mut(at) {
                *place = larger;
            }
        } else {
            self.spine = self.spine.iter().flat_map(|segment| [segment.clone(), segment.clone()]).collect();
            self.depth += 1;
        }
    }

    /// Splits the segment that stands at this place and others.
    fn split(&mut self, at: usize) {
        let Some(segment) = self.spine.get(at).cloned() else { return };
        let depth = segment.depth + 1;
        let width = 1_usize << (self.depth - segment.depth);
        let first = at & !(width - 1);
        let halves = [0, 1].map(|half| {
            let of_half = |slot: &Slot| high_bits(slot.hash, depth) & 1 == half;
            let count = segment.entries().filter(of_half).count();
            // With room for a third more than there are now.
            let slots = (count * 2).next_power_of_two().clamp(FIRST, segment.slots.len());
            Segment::of(segment.entries().filter(of_half), slots, depth)
        });
        let places = Arc::make_mut(&mut self.spine).iter_mut().skip(first).take(width);
        for (n, place) in places.enumerate() {
            if let Some(half) = halves.get(n * 2 / width) {
                *place = half.clone();
            }
        }
    }
}

#[inline]
fn high_bits(hash: u32, count: u32) -> usize {
    // Of none, nothing is left: a shift by all of 32 bits takes a wider number.
    usize::try_from(u64::from(hash) << count >> 32).unwrap_or_default()
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
const SALT: u64 = 0xd6e8_feb8_6659_fd93;

/// The hash of an identifier, told apart by `seed` from equal ones of another type.
#[inline]
pub(crate) fn hash_id(seed: u64, id: IdRef<'_>) -> u32 {
    match id {
        IdRef::Uuid(bits) => {
            let (high, low) = halves(bits);
            finish(mix(high ^ seed ^ MIX, low ^ SALT))
        }
        IdRef::Text(text) => hash_text(seed, text.as_bytes()),
    }
}

/// The hash of bytes.
#[inline]
pub(crate) fn hash_text(seed: u64, bytes: &[u8]) -> u32 {
    hash_words(seed, bytes, |word| word)
}

/// The hash of bytes in which capital letters of ASCII count as small ones.
#[inline]
pub(crate) fn hash_ignoring_case(seed: u64, bytes: &[u8]) -> u32 {
    hash_words(seed, bytes, small_letters)
}

#[inline]
fn hash_words(seed: u64, bytes: &[u8], as_read: impl Fn(u64) -> u64) -> u32 {
    let mut hash = fold(seed, bytes.len() as u64);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = fold(hash, as_read(u64::from_le_bytes(*word)));
    }
    let word = rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
    finish(fold(hash, as_read(word)))
}

/// Eight bytes with capital letters of ASCII made small.
#[inline]
fn small_letters(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = word & (EACH * 0x7f);
    let from_a = low + EACH * (0x80 - b'A' as u64);
    let past_z = low + EACH * (0x7f - b'Z' as u64);
    word | ((from_a & !past_z & !word & (EACH * 0x80)) >> 2)
}

#[inline]
pub(crate) fn fold(hash: u64, word: u64) -> u64 {
    mix(hash ^ word, MIX)
}

#[inline]
fn mix(one: u64, other: u64) -> u64 {
    let (high, low) = halves(u128::from(one) * u128::from(other));
    high ^ low
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "each cast takes the half it is about")]
fn halves(bits: u128) -> (u64, u64) {
    ((bits >> 64) as u64, bits as u64)
}

#[inline]
fn finish(hash: u64) -> u32 {
    u32::try_from(hash.wrapping_mul(MIX) >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(index: &Index, hash: u32, value: u32) -> bool {
        index.find(hash, |it| it == value) == Some(value)
    }

    #[test]
    fn what_was_inserted_is_found_until_it_is_removed() {
        let mut index = Index::default();
        let hash = |n: u32| hash_id(7, IdRef::Uuid(u128::from(n)));
        for n in 0..20_000 {
            index.insert(hash(n), n);
        }
        let before = index.clone();
        for n in (0..20_000).step_by(2) {
            index.remove(hash(n), n);
            index.remove(hash(n), n);
        }
        for n in 0..20_000 {
            assert!(has(&before, hash(n), n));
            assert_eq!(has(&index, hash(n), n), n % 2 == 1);
        }
        assert_eq!(index.count, 10_000);
    }

    #[test]
    fn equal_hashes_end_in_one_large_segment() {
        let mut index = Index::default();
        for n in 0..2_000 {
            index.insert(5, n);
        }
        assert!((0..2_000).all(|n| has(&index, 5, n)));
        assert!(index.spine.len() * SPARSEST <= 4_000);
        (0..2_000).for_each(|n| index.remove(5, n));
        assert_eq!(index.find(5, |_| true), None);
    }

    #[test]
    fn one_look_up_sees_few_slots_whatever_the_size() {
        for size in [1_000, 100_000] {
            let mut index = Index::default();
            let hash = |n: u32| hash_id(3, IdRef::Uuid(u128::from(n) << 64 | 0x8000_0000_0000_0000));
            (0..size).for_each(|n| index.insert(hash(n), n));
            let slots: usize =
                index.spine.iter().map(|segment| segment.slots.len() >> (index.depth - segment.depth)).sum();
            assert!(slots <= size as usize * 4, "{slots} slots for {size}");
            let seen = std::cell::Cell::new(0);
            for n in 0..size {
                index.find(hash(n), |it| {
                    seen.set(seen.get() + 1);
                    it == n
                });
            }
            // Nearly no two of them share a hash.
            assert!(seen.get() < size + size / 100, "{} compared for {size}", seen.get());
        }
    }

    #[test]
    fn capital_letters_are_made_small_and_nothing_else_is_changed() {
        for byte in 0..=u8::MAX {
            let word = u64::from_le_bytes([byte, b'@', b'A', b'Z', b'[', 0xc1, 0xff, byte]);
            let small = byte.to_ascii_lowercase();
            assert_eq!(small_letters(word).to_le_bytes(), [small, b'@', b'a', b'z', b'[', 0xc1, 0xff, small]);
        }
    }
}
