//! Limits on attempts to sign in.
//!
//! After a few failures in a row a name has to wait, longer each time; whether there is such a user makes no difference.
//! The failures of a name are kept in the store, under the hash of the name, for all nodes. All names together have a
//! rate, which each process counts for itself, on a clock that is never set back. The clocks of nodes may differ: the
//! time of the last failure never moves back, so that a clock that is behind makes no wait shorter.

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use lanyard_model::Timestamp;
use nonzero_ext::nonzero;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many failures in a row are free.
const FREE: u32 = 5;

/// How long the first wait is, and the longest, in milliseconds; each is twice the one before.
const FIRST_WAIT: i64 = 30_000;
const LONGEST_WAIT: i64 = 15 * 60_000;

/// After how long without a failure a name that had to wait is forgotten, in milliseconds.
const FORGOTTEN: i64 = 24 * 60 * 60_000;

/// After how long without a failure a name that had only free failures is forgotten, in milliseconds. It allows fewer
/// guesses a day than the longest wait does, and names that are made up do not fill the store.
const FORGOTTEN_FREE: i64 = 2 * 60 * 60_000;

/// The attempts that are answered, of all names together.
const RATE: Quota = Quota::per_second(nonzero!(10_u32)).allow_burst(nonzero!(50_u32));

/// An attempt is refused, and may be made after so many seconds.
#[derive(Debug, PartialEq, Eq)]
pub struct Wait(
    /// Seconds.
    pub i64,
);

/// The failures of a name of late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// The key under which the failures of a name are kept.
    #[must_use]
    pub fn key(name: &str) -> Vec<u8> {
        Sha256::digest(name).to_vec()
    }

    /// The failures after one more attempt, which counts as a failure until it succeeds, so that many at once are no more
    /// than one after another.
    ///
    /// # Errors
    /// The wait, when the name failed too often.
    pub fn with_attempt(before: Option<&Self>, now: Timestamp) -> Result<Self, Wait> {
        let Some(before) = before.filter(|it| now < it.forgotten()) else { return Ok(Self { count: 1, last: now }) };
        let now = before.last.max(now);
        let left = before.until().millis_since(now);
        if left > 0 {
            return Err(Wait((left + 999) / 1_000));
        }
        Ok(Self { count: before.count.saturating_add(1), last: now })
    }

    /// When the next attempt may be made.
    fn until(&self) -> Timestamp {
        let beyond = self.count.checked_sub(FREE);
        let wait = beyond.map_or(0, |beyond| (FIRST_WAIT << beyond.min(16)).min(LONGEST_WAIT));
        Timestamp(self.last.0.saturating_add(wait))
    }

    /// When the name is forgotten.
    #[must_use]
    pub fn forgotten(&self) -> Timestamp {
        let after = if self.count > FREE { FORGOTTEN } else { FORGOTTEN_FREE };
        Timestamp(self.last.0.saturating_add(after))
    }

    /// The form in which they are kept.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // They have no maps, so serialisation does not fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The failures that are kept in this form; `None` when they are none.
    #[must_use]
    pub fn decode(kept: &[u8]) -> Option<Self> {
        serde_json::from_slice(kept).ok()
    }
}

/// The rate of the attempts of all names together, at this process.
#[derive(Debug)]
pub struct SignInRate<C: Clock = MonotonicClock>(RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>);

impl Default for SignInRate {
    fn default() -> Self {
        Self::new(MonotonicClock)
    }
}

impl<C: Clock> SignInRate<C> {
    fn new(clock: C) -> Self {
        Self(RateLimiter::direct_with_clock(RATE, clock))
    }

    /// Takes an attempt.
    ///
    /// # Errors
    /// The wait, when there are too many.
    pub fn take(&self) -> Result<(), Wait> {
        self.0.check().map_err(|_| Wait(1))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    /// Takes an attempt at a time.
    fn take(failures: &mut Option<Failures>, now: i64) -> Result<(), Wait> {
        *failures = Some(Failures::with_attempt(failures.as_ref(), Timestamp(now))?);
        Ok(())
    }

    #[test]
    fn five_failures_are_free_and_then_waits_double() {
        let (mut failures, mut now) = (None, 0);
        for _ in 0..FREE {
            assert_eq!(take(&mut failures, now), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..7 {
            let Err(Wait(seconds)) = take(&mut failures, now) else { panic!("no wait") };
            waits.push(seconds);
            now += seconds * 1_000;
            assert_eq!(take(&mut failures, now), Ok(()));
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900]);
    }

    #[test]
    fn a_clock_that_is_behind_makes_no_wait_shorter() {
        let mut failures = None;
        for now in [100_000, 0, 0, 0, 50_000] {
            assert_eq!(take(&mut failures, now), Ok(()));
        }
        assert_eq!(take(&mut failures, 100_000), Err(Wait(30)));
        assert_eq!(take(&mut failures, 40_000), Err(Wait(30)));
        assert_eq!(take(&mut failures, 130_000), Ok(()));
    }

    #[test]
    fn a_name_is_forgotten_when_it_has_not_failed_for_long() {
        let mut failures = None;
        for _ in 0..FREE {
            take(&mut failures, 0).unwrap();
        }
        let kept = failures.clone().unwrap();
        assert_eq!(kept.forgotten(), Timestamp(FORGOTTEN_FREE));
        assert_eq!(Failures::decode(&kept.encode()), failures);
        take(&mut failures, FORGOTTEN_FREE - 1).unwrap();
        assert_eq!(failures.as_ref().unwrap().forgotten(), Timestamp(FORGOTTEN_FREE - 1 + FORGOTTEN));
        take(&mut failures, FORGOTTEN_FREE - 1 + FORGOTTEN).unwrap();
        assert_eq!(failures.unwrap().count, 1);
    }

    #[test]
    fn all_names_together_have_a_rate() {
        let clock = FakeRelativeClock::default();
        let rate = SignInRate::new(clock.clone());
        let taken = || (0..200).filter(|_| rate.take().is_ok()).count();
        assert_eq!(taken(), 50);
        clock.advance(Duration::from_secs(1));
        assert_eq!(taken(), 10);
        clock.advance(Duration::from_secs(60));
        assert_eq!(taken(), 50);
    }
}
