//! From a hash to the numbers of what has it: extendible hashing over shared chunks, so that a look-up touches the same
//! few places of memory whatever the size, and an insertion copies one bucket.
//!
//! The index holds 32 bits of each hash and nothing of the keys: who looks up compares the key with what is found.

use std::sync::Arc;

use lanyard_model::IdRef;

use crate::chunks::Chunks;

/// How many entries a bucket holds before it is split.
const BUCKET: usize = 16;
/// How many entries there are for each place in the list of buckets, at least. A list that would need more places,
/// because many hashes are alike, lets its buckets grow instead.
const SPARSEST: u32 = 4;

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    value: u32,
}

/// The entries whose hashes agree in the low `depth` bits.
#[derive(Clone, Debug)]
struct Bucket {
    depth: u32,
    entries: Arc<[Entry]>,
}

impl Default for Bucket {
    fn default() -> Self {
        Self { depth: 0, entries: Arc::new([]) }
    }
}

/// Several values may share a hash.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    spine: Chunks<Bucket>,
    depth: u32,
    count: u32,
}

impl Default for Index {
    fn default() -> Self {
        let mut spine = Chunks::default();
        spine.push(Bucket::default());
        Self { spine, depth: 0, count: 0 }
    }
}

impl Index {
    /// The values that may have this hash, and perhaps others.
    #[inline]
    pub(crate) fn candidates(&self, hash: u32) -> impl Iterator<Item = u32> + '_ {
        let bucket = self.spine.get(low_bits(hash, self.depth));
        bucket.into_iter().flat_map(|bucket| bucket.entries.iter()).filter(move |e| e.hash == hash).map(|e| e.value)
    }

    pub(crate) fn insert(&mut self, hash: u32, value: u32) {
        self.count += 1;
        self.replace(hash, |entries| entries.iter().copied().chain([Entry { hash, value }]).collect());
        while self.split(hash) {}
    }

    pub(crate) fn remove(&mut self, hash: u32, value: u32) {
        self.count = self.count.saturating_sub(1);
        self.replace(hash, |entries| {
            entries.iter().copied().filter(|entry| (entry.hash, entry.value) != (hash, value)).collect()
        });
    }

    fn replace(&mut self, hash: u32, with: impl FnOnce(&[Entry]) -> Arc<[Entry]>) {
        let Some(bucket) = self.spine.get(low_bits(hash, self.depth)) else { return };
        let bucket = Bucket { depth: bucket.depth, entries: with(&bucket.entries) };
        self.set(hash, &bucket);
    }

    /// Puts a bucket everywhere it belongs.
    fn set(&mut self, hash: u32, bucket: &Bucket) {
        let mut at = low_bits(hash, bucket.depth);
        while at < self.spine.len() {
            if let Some(place) = self.spine.get_mut(at) {
                *place = bucket.clone();
            }
            at += 1 << bucket.depth;
        }
    }

    /// Splits the bucket of this hash if it is too full; says whether it did.
    fn split(&mut self, hash: u32) -> bool {
        let Some(bucket) = self.spine.get(low_bits(hash, self.depth)).cloned() else { return false };
        if bucket.entries.len() <= BUCKET {
            return false;
        }
        if bucket.depth == self.depth {
            if self.spine.len() > self.count / SPARSEST {
                return false;
            }
            for at in 0..self.spine.len() {
                let half = self.spine.get(at).cloned().unwrap_or_default();
                self.spine.push(half);
            }
            self.depth += 1;
        }
        for bit in [0, 1 << bucket.depth] {
            let entries = bucket.entries.iter().copied().filter(|entry| entry.hash & (1 << bucket.depth) == bit);
            let half = Bucket { depth: bucket.depth + 1, entries: entries.collect() };
            self.set(low_bits(hash, bucket.depth) | bit, &half);
        }
        true
    }
}

#[inline]
fn low_bits(hash: u32, count: u32) -> u32 {
    hash & ((1 << count) - 1)
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of an identifier, told apart by `seed` from equal ones of another type.
#[inline]
pub(crate) fn hash_id(seed: u64, id: IdRef<'_>) -> u32 {
    match id {
        IdRef::Uuid(bits) => {
            let (high, low) = halves(bits);
            finish(fold(fold(seed ^ MIX, high), low))
        }
        IdRef::Text(text) => hash_bytes(seed, text.bytes()),
    }
}

/// The hash of bytes.
#[inline]
pub(crate) fn hash_bytes(seed: u64, bytes: impl ExactSizeIterator<Item = u8>) -> u32 {
    let mut hash = fold(seed, bytes.len() as u64);
    let (mut word, mut count) = (0_u64, 0_u32);
    for byte in bytes {
        word = (word << 8) | u64::from(byte);
        count += 1;
        if count == 8 {
            hash = fold(hash, word);
            (word, count) = (0, 0);
        }
    }
    finish(fold(hash, word))
}

#[inline]
pub(crate) fn fold(hash: u64, word: u64) -> u64 {
    let (high, low) = halves(u128::from(hash ^ word) * u128::from(MIX));
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

    #[test]
    fn what_was_inserted_is_found_until_it_is_removed() {
        let mut index = Index::default();
        let hash = |n: u32| hash_id(7, IdRef::Uuid(u128::from(n)));
        for n in 0..5_000 {
            index.insert(hash(n), n);
        }
        let before = index.clone();
        for n in (0..5_000).step_by(2) {
            index.remove(hash(n), n);
        }
        for n in 0..5_000 {
            assert!(before.candidates(hash(n)).any(|v| v == n));
            assert_eq!(index.candidates(hash(n)).any(|v| v == n), n % 2 == 1);
        }
    }

    #[test]
    fn equal_hashes_end_in_one_long_bucket() {
        let mut index = Index::default();
        for n in 0..40 {
            index.insert(5, n);
        }
        assert_eq!(index.candidates(5).count(), 40);
    }
}
