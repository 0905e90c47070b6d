//! The rate limit of all processes that serve a store: of each account and region a cell of the store has the time at
//! which the requests so far are worked off at the rate (the generic cell rate algorithm).

use lanyard_model::{Scope, Timestamp};
use lanyard_service::SharedCells;
use lanyard_service::error::Result;
use lanyard_store::{Cell, CellChange};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The kind of the cells.
const KIND: &str = "throttle";

/// The time that one request takes at the rate, in milliseconds.
const EACH: i64 = 500;

/// How many requests may come at once.
const BURST: i64 = 5;

/// How often a request is counted again because another was counted at the same time.
const ATTEMPTS: usize = 16;

/// The requests of an account and region of late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Bucket {
    /// When the requests so far are worked off.
    free: Timestamp,
    /// The latest time at which a request was counted, by the clock that is ahead.
    seen: Timestamp,
}

impl Bucket {
    /// The bucket with one more request; `None` where the rate does not allow it.
    fn with_request(before: Option<&Self>, now: Timestamp) -> Option<Self> {
        let now = before.map_or(now, |before| before.seen.max(now));
        let free = before.map_or(now, |before| before.free.max(now));
        (free.millis_since(now) <= (BURST - 1) * EACH).then(|| Self { free: Timestamp(free.0 + EACH), seen: now })
    }
}

/// The requests of late of each account and region.
pub(crate) struct SharedThrottle(SharedCells);

impl SharedThrottle {
    pub(super) fn new(cells: SharedCells) -> Self {
        Self(cells)
    }

    /// Counts a request, if the rate allows it.
    pub(super) async fn admit(&self, scope: &Scope) -> Result<bool> {
        let key = Sha256::digest(format!("{}\0{}", scope.account, scope.region)).to_vec();
        for _ in 0..ATTEMPTS {
            let kept = self.0.read(KIND, key.clone()).await?;
            let before = kept.as_ref().and_then(|kept| serde_json::from_slice(&kept.value).ok());
            let Some(bucket) = Bucket::with_request(before.as_ref(), self.0.now()) else { return Ok(false) };
            // It has no maps, so serialisation does not fail.
            let value = serde_json::to_vec(&bucket).unwrap_or_default();
            let cell = Cell { owner: String::new(), value, expires: bucket.free };
            let expected = kept.map(|kept| kept.value);
            if self.0.change(CellChange::Put { kind: KIND, key: key.clone(), cell, expected }).await? > 0 {
                return Ok(true);
            }
        }
        // So many at the same time are more than the rate.
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of ten requests at a time are counted.
    fn admitted(bucket: &mut Option<Bucket>, now: i64) -> usize {
        let mut admit = || match Bucket::with_request(bucket.as_ref(), Timestamp(now)) {
            Some(next) => bucket.insert(next).free > Timestamp(now),
            None => false,
        };
        (0..10).filter(|_| admit()).count()
    }

    #[test]
    fn five_at_once_then_two_a_second() {
        let mut bucket = None;
        let counts = [0, 499, 1_000, 1_499, 61_499].map(|now| admitted(&mut bucket, now));
        assert_eq!(counts, [5, 0, 2, 0, 5]);
    }

    #[test]
    fn a_clock_that_is_behind_neither_gains_nor_stops() {
        let mut bucket = None;
        assert_eq!(admitted(&mut bucket, 10_000), 5);
        assert_eq!([admitted(&mut bucket, 0), admitted(&mut bucket, 9_000)], [0, 0]);
        // The other clock goes on, and both share what comes back.
        assert!(Bucket::with_request(bucket.as_ref(), Timestamp(10_500)).is_some_and(|next| {
            bucket = Some(next);
            true
        }));
        assert_eq!(admitted(&mut bucket, 9_500), 0);
        assert_eq!(admitted(&mut bucket, 12_000), 3);
    }
}
