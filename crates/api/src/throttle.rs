//! The service's rate limit: 2 requests a second and bursts of 5, shared by all callers of an account and region
//! (`docs/evidence`, quota Q2).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use lanyard_model::{Scope, Timestamp};

const PER_SECOND: f64 = 2.0;
const BURST: f64 = 5.0;

/// How many buckets there are at most. A region is whatever a client signs for.
const MOST: usize = 1_024;

/// A bucket of tokens for each account and region that took one of late.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<Scope, Bucket>>);

struct Bucket {
    tokens: f64,
    since: Timestamp,
}

impl Throttle {
    /// Takes a token, if there is one.
    pub(crate) fn admit(&self, scope: &Scope, now: Timestamp) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(scope) {
            // A bucket that is full again is as one that is not there.
            buckets.retain(|_, it| seconds(it.since, now) * PER_SECOND + it.tokens < BURST);
            if buckets.len() >= MOST {
                return false;
            }
        }
        let bucket = buckets.entry(scope.clone()).or_insert(Bucket { tokens: BURST, since: now });
        // The clock may step back; a bucket then waits until it is reached again.
        bucket.tokens = (bucket.tokens + seconds(bucket.since, now) * PER_SECOND).min(BURST);
        bucket.since = bucket.since.max(now);
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}

/// The seconds that have passed.
fn seconds(since: Timestamp, now: Timestamp) -> f64 {
    f64::from(i32::try_from(now.millis_since(since).max(0)).unwrap_or(i32::MAX)) / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_at_once_then_two_a_second() {
        let throttle = Throttle::default();
        let scope = Scope { account: "1".into(), region: "eu-west-2".into() };
        let admitted = |at| (0..10).filter(|_| throttle.admit(&scope, Timestamp(at))).count();
        assert_eq!(admitted(0), 5);
        assert_eq!(admitted(499), 0);
        assert_eq!(admitted(1_000), 2);
        assert_eq!(admitted(500), 0);
        assert_eq!(admitted(60_000), 5);
        assert!(throttle.admit(&Scope { account: "2".into(), ..scope }, Timestamp(60_000)));
    }

    #[test]
    fn buckets_of_invented_regions_do_not_add_up() {
        let throttle = Throttle::default();
        let of = |number: usize| Scope { account: "1".into(), region: format!("region-{number}") };
        for number in 0..10 * MOST {
            let at = i64::try_from(number).unwrap() * 100;
            assert!(throttle.admit(&of(number), Timestamp(at)), "{number}");
        }
        assert!(throttle.0.lock().unwrap().len() <= MOST);
    }
}
