//! Map of a hash to the numbers of the items that have it: groups of eight entries that fill one line of the cache
//! each, in shared segments. A look-up touches the same few places of memory at any size (the list of segments, one
//! group, and seldom the next), and an insertion copies one segment.
//!
//! The index holds 32 bits of each hash and nothing of the keys: the caller of a look-up compares the key with the
//! result. The high bits of a hash lead to its segment, the low bits to the group in the segment where the search
//! begins.

use std::sync::Arc;

use lanyard_model::{IdRef, Names};

/// How many entries a group has room for.
const WIDTH: usize = 8;
/// How many groups a segment has before it is split in two rather than enlarged.
const MOST: usize = 128;
/// How many entries there are for each place in the list of segments, at least. A list that would need more places,
/// because many hashes are alike, lets its segments grow instead.
const SPARSEST: usize = 128;

/// Stands for no value.
const EMPTY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    value: u32,
}

/// Entries from the first place on, without gaps.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Group {
    /// The second-lowest byte of each hash, which leads neither to the segment nor to the group.
    marks: [u8; WIDTH],
    lowest: [u8; WIDTH],
    high: [u16; WIDTH],
    values: [u32; WIDTH],
}

impl Group {
    const NONE: Self = Self { marks: [0; WIDTH], lowest: [0; WIDTH], high: [0; WIDTH], values: [EMPTY; WIDTH] };

    /// The places that may have an entry with this hash, as the highest bits of the bytes of a number. All places are
    /// compared together.
    #[inline]
    fn places(&self, hash: u32) -> u64 {
        const EACH: u64 = 0x0101_0101_0101_0101;
        let wanted = u64::from(hash >> 8 & 0xff) * EACH;
        // Of each mark that is the same, and now and then of one above it.
        let other = u64::from_le_bytes(self.marks) ^ wanted;
        other.wrapping_sub(EACH) & !other & (EACH << 7)
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.values.last() != Some(&EMPTY)
    }

    fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        let bytes =
            self.marks.iter().zip(&self.lowest).map(|(mark, lowest)| u32::from(*mark) << 8 | u32::from(*lowest));
        let hashes = bytes.zip(&self.high).map(|(bytes, high)| u32::from(*high) << 16 | bytes);
        let all = hashes.zip(self.values).map(|(hash, value)| Entry { hash, value });
        all.filter(|entry| entry.value != EMPTY)
    }

    /// Adds an entry: whether there was room.
    fn push(&mut self, entry: Entry) -> bool {
        let Some(at) = self.values.iter().position(|value| *value == EMPTY) else { return false };
        let [lowest, mark, third, highest] = entry.hash.to_le_bytes();
        let places = (self.marks.get_mut(at), self.lowest.get_mut(at), self.high.get_mut(at), self.values.get_mut(at));
        if let (Some(a), Some(b), Some(c), Some(d)) = places {
            (*a, *b, *c, *d) = (mark, lowest, u16::from_le_bytes([third, highest]), entry.value);
        }
        true
    }
}

/// The entries whose hashes agree in the high `depth` bits. The number of groups is a power of two, and a quarter of
/// their places are free at least. An entry that finds its group full is in the next that is not, and every group between
/// is full.
#[derive(Clone, Debug)]
struct Segment {
    groups: Arc<[Group]>,
    depth: u32,
    used: u32,
}

impl Segment {
    /// A segment of so many groups with these entries, which it has room for.
    fn new(entries: impl Iterator<Item = Entry>, groups: usize, depth: u32) -> Self {
        let mut segment = Self { groups: std::iter::repeat_n(Group::NONE, groups).collect(), depth, used: 0 };
        entries.for_each(|entry| segment.insert(entry));
        segment
    }

    fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.groups.iter().flat_map(Group::entries)
    }

    fn is_full(&self) -> bool {
        self.used as usize * 4 >= self.groups.len() * WIDTH * 3
    }

    fn insert(&mut self, entry: Entry) {
        let groups = Arc::make_mut(&mut self.groups);
        let mut at = entry.hash as usize;
        while !groups.get_mut(at & (groups.len() - 1)).is_none_or(|group| group.push(entry)) {
            at += 1;
        }
        self.used += 1;
    }

    /// Removes an entry: whether it was there.
    fn remove(&mut self, hash: u32, value: u32) -> bool {
        let is_it = |entry: &Entry| (entry.hash, entry.value) == (hash, value);
        let holds = |group: &Group| group.entries().any(|entry| is_it(&entry));
        let places = (0..self.groups.len()).map(|step| (hash as usize + step) & (self.groups.len() - 1));
        let Some(at) = places.into_iter().find(|at| self.groups.get(*at).is_some_and(holds)) else { return false };
        let Some(group) = Arc::make_mut(&mut self.groups).get_mut(at) else { return false };
        if group.is_full() {
            // Others may be further on because of it.
            let others = self.entries().filter(|entry| !is_it(entry));
            *self = Self::new(others, self.groups.len(), self.depth);
        } else {
            let before = std::mem::replace(group, Group::NONE);
            before.entries().filter(|entry| !is_it(entry)).for_each(|entry| {
                group.push(entry);
            });
            self.used -= 1;
        }
        true
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
        Self { spine: Arc::new([Segment::new(std::iter::empty(), 1, 0)]), depth: 0, count: 0 }
    }
}

impl Index {
    /// A value with this hash that matches.
    #[inline]
    pub(crate) fn find(&self, hash: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        let groups = &*self.spine.get(high_bits(hash, self.depth))?.groups;
        let group = groups.get(hash as usize & groups.len().wrapping_sub(1))?;
        // The first that may be it nearly always is.
        let value = group.values.get(group.places(hash).trailing_zeros() as usize / 8);
        if let Some(value) = value
            && *value != EMPTY
            && is(*value)
        {
            return Some(*value);
        }
        Self::find_further(groups, hash, is)
    }

    #[cold]
    #[inline(never)]
    fn find_further(groups: &[Group], hash: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = hash as usize;
        loop {
            let group = groups.get(at & groups.len().wrapping_sub(1))?;
            let mut places = group.places(hash);
            while let Some(value) = group.values.get(places.trailing_zeros() as usize / 8) {
                if *value != EMPTY && is(*value) {
                    return Some(*value);
                }
                places &= places.wrapping_sub(1);
            }
            if !group.is_full() {
                return None;
            }
            at = at.wrapping_add(1);
        }
    }

    pub(crate) fn insert(&mut self, hash: u32, value: u32) {
        while self.spine.get(high_bits(hash, self.depth)).is_some_and(Segment::is_full) {
            self.make_room(hash);
        }
        if let Some(segment) = self.change(hash) {
            segment.insert(Entry { hash, value });
            self.count += 1;
        }
    }

    pub(crate) fn remove(&mut self, hash: u32, value: u32) {
        if self.change(hash).is_some_and(|segment| segment.remove(hash, value)) {
            self.count -= 1;
        }
    }

    /// The segment of this hash. One that is in several places of the list is split before, so that it is in one.
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
        } else if segment.groups.len() < MOST || self.depth >= 31 || self.spine.len() * SPARSEST > self.count {
            let larger = Segment::new(segment.entries(), segment.groups.len() * 2, segment.depth);
            if let Some(place) = Arc::make_mut(&mut self.spine).get_mut(at) {
                *place = larger;
            }
        } else {
            self.spine = self.spine.iter().flat_map(|segment| [segment.clone(), segment.clone()]).collect();
            self.depth += 1;
        }
    }

    /// Splits the segment that is at this place and others.
    fn split(&mut self, at: usize) {
        let Some(segment) = self.spine.get(at).cloned() else { return };
        let depth = segment.depth + 1;
        let width = 1_usize << (self.depth - segment.depth);
        let first = at & !(width - 1);
        let halves = [0, 1].map(|half| {
            let of_half = |entry: &Entry| high_bits(entry.hash, depth) & 1 == half;
            let count = segment.entries().filter(of_half).count();
            // With room for half as many again, at least.
            let groups = (count * 2 / WIDTH).next_power_of_two().clamp(1, segment.groups.len());
            Segment::new(segment.entries().filter(of_half), groups, depth)
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
    usize::try_from(u64::from(hash).wrapping_shl(count) >> 32).unwrap_or_default()
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
const SALT: u64 = 0xd6e8_feb8_6659_fd93;

/// The hash of an identifier; `seed` distinguishes it from equal ones of another type.
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

/// Distinguishes the hashes of user names from those of identifiers.
const NAME_SEED: u64 = 1 << 20;

/// The hash of a user name; equal for names that are the same regardless of case.
#[inline]
pub(crate) fn hash_name(name: &str) -> u32 {
    if name.is_ascii() {
        hash_ignoring_case(NAME_SEED, name.as_bytes())
    } else {
        hash_ignoring_case(NAME_SEED, Names::IgnoringCase.fold(name).as_bytes())
    }
}

/// Whether two user names are the same regardless of case.
#[inline]
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        Names::IgnoringCase.fold(one) == Names::IgnoringCase.fold(other)
    }
}

/// The hash of bytes in which capital letters of ASCII count as small ones.
#[inline]
fn hash_ignoring_case(seed: u64, bytes: &[u8]) -> u32 {
    hash_words(seed, bytes, small_letters)
}

#[inline]
fn hash_words(seed: u64, bytes: &[u8], as_read: impl Fn(u64) -> u64) -> u32 {
    let mut hash = fold(seed, bytes.len() as u64);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = fold(hash, as_read(u64::from_le_bytes(*word)));
    }
    let word = match bytes.last_chunk::<8>() {
        // Some bytes again.
        Some(last) => u64::from_le_bytes(*last),
        None => rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)),
    };
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
        for n in 0..400 {
            index.insert(5, n);
        }
        assert!((0..400).all(|n| has(&index, 5, n)));
        assert!(index.spine.len() * SPARSEST <= 800);
        (0..400).for_each(|n| index.remove(5, n));
        assert_eq!(index.find(5, |_| true), None);
    }

    #[test]
    fn a_look_up_touches_one_group_mostly_whatever_the_size() {
        for size in [1_000, 100_000] {
            let mut index = Index::default();
            let hash = |n: u32| hash_id(3, IdRef::Uuid(u128::from(n) << 64 | 0x8000_0000_0000_0000));
            (0..size).for_each(|n| index.insert(hash(n), n));
            let groups: usize =
                index.spine.iter().map(|segment| segment.groups.len() >> (index.depth - segment.depth)).sum();
            assert!(groups * WIDTH <= size as usize * 4, "{groups} groups for {size}");
            let full: usize = index.spine.iter().flat_map(|it| &*it.groups).filter(|group| group.is_full()).count();
            assert!(full * 4 <= groups, "{full} of {groups} groups are full");
            let seen = std::cell::Cell::new(0);
            for n in 0..size {
                index.find(hash(n), |it| {
                    seen.set(seen.get() + 1);
                    it == n
                });
            }
            // One in some two hundred shares its mark with another of its group that comes before.
            assert!(seen.get() < size + size / 50, "{} compared for {size}", seen.get());
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
