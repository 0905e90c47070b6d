//! Limits on attempts to sign in.
//!
//! After a few failures in a row a name has to wait, longer each time; whether there is such a user makes no difference.
//! All names together have a rate, on a clock that is never set back. Memory is bounded: names are kept as hashes, and the
//! one that failed the longest ago is forgotten first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use lanyard_model::Timestamp;
use nonzero_ext::nonzero;
use sha2::{Digest, Sha256};

/// How many failures in a row are free.
const FREE: u32 = 5;

/// How long the first wait is, and the longest, in milliseconds; each is twice the one before.
const FIRST_WAIT: i64 = 30_000;
const LONGEST_WAIT: i64 = 15 * 60_000;

/// After how long without a failure a name is forgotten, in milliseconds.
const FORGOTTEN: i64 = 24 * 60 * 60_000;

/// How many names are remembered.
const MOST_NAMES: usize = 10_000;

/// The attempts that are answered, of all names together.
const RATE: Quota = Quota::per_second(nonzero!(10_u32)).allow_burst(nonzero!(50_u32));

type Hash = [u8; 32];

/// The failures of each name of late, and the rate of all.
#[derive(Debug)]
pub struct SignInLimiter<C: Clock = MonotonicClock> {
    names: Mutex<HashMap<Hash, Failures>>,
    rate: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
}

#[derive(Debug)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// When the next attempt may be made.
    fn until(&self) -> Timestamp {
        let beyond = self.count.checked_sub(FREE);
        let wait = beyond.map_or(0, |beyond| (FIRST_WAIT << beyond.min(16)).min(LONGEST_WAIT));
        Timestamp(self.last.0.saturating_add(wait))
    }
}

/// An attempt is refused, and may be made after so many seconds.
#[derive(Debug, PartialEq, Eq)]
pub struct Wait(
    /// Seconds.
    pub i64,
);

impl Default for SignInLimiter {
    fn default() -> Self {
        Self::new(MonotonicClock)
    }
}

impl<C: Clock> SignInLimiter<C> {
    fn new(clock: C) -> Self {
        Self { names: Mutex::default(), rate: RateLimiter::direct_with_clock(RATE, clock) }
    }

    /// Takes an attempt, which counts as a failure until [`succeeded`](Self::succeeded) is called, so that many at once
    /// are no more than one after another.
    ///
    /// # Errors
    /// The wait, when the name failed too often or the attempts of all names are too many.
    pub fn take(&self, name: &str, now: Timestamp) -> Result<(), Wait> {
        let name = hash(name);
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failures) = names.get(&name) {
            let left = failures.until().millis_since(now);
            if left > 0 {
                return Err(Wait((left + 999) / 1_000));
            }
        }
        if self.rate.check().is_err() {
            return Err(Wait(1));
        }
        if !names.contains_key(&name) && names.len() >= MOST_NAMES {
            names.retain(|_, it| now.millis_since(it.last) < FORGOTTEN);
            if names.len() >= MOST_NAMES {
                let oldest = names.iter().min_by_key(|(_, it)| it.last).map(|(name, _)| *name);
                oldest.map(|name| names.remove(&name));
            }
        }
        let failures = names.entry(name).or_insert(Failures { count: 0, last: now });
        if now.millis_since(failures.last) >= FORGOTTEN {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = failures.last.max(now);
        Ok(())
    }

    /// The attempt succeeded: the name has no failures.
    pub fn succeeded(&self, name: &str) {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash(name));
    }
}

fn hash(name: &str) -> Hash {
    Sha256::digest(name).into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn five_failures_are_free_and_then_waits_double() {
        let limiter = SignInLimiter::default();
        let mut now = Timestamp(0);
        for _ in 0..FREE {
            assert_eq!(limiter.take("jane", now), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..7 {
            let Err(Wait(seconds)) = limiter.take("jane", now) else { panic!("no wait") };
            waits.push(seconds);
            now = Timestamp(now.0 + seconds * 1_000);
            assert_eq!(limiter.take("jane", now), Ok(()));
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(limiter.take("john", now), Ok(()), "others do not wait");
        limiter.succeeded("jane");
        assert_eq!(limiter.take("jane", now), Ok(()));
    }

    #[test]
    fn all_names_together_have_a_rate_and_memory_is_bounded() {
        let clock = FakeRelativeClock::default();
        let limiter = SignInLimiter::new(clock.clone());
        let taken = |at: i64| (0..200).filter(|n| limiter.take(&format!("{at}-{n}"), Timestamp(at)).is_ok()).count();
        assert_eq!(taken(0), 50);
        clock.advance(Duration::from_secs(1));
        assert_eq!(taken(1_000), 10);
        clock.advance(Duration::from_secs(60));
        assert_eq!(taken(61_000), 50);
        for at in 1..=MOST_NAMES + 10 {
            clock.advance(Duration::from_secs(1));
            limiter.take(&format!("name {at}"), Timestamp(61_000 + i64::try_from(at).unwrap() * 1_000)).unwrap();
        }
        assert_eq!(limiter.names.lock().unwrap().len(), MOST_NAMES);
    }

    #[test]
    fn a_name_that_waits_takes_nothing_from_the_others() {
        let limiter = SignInLimiter::new(FakeRelativeClock::default());
        let now = Timestamp(0);
        let taken = (0..200).filter(|_| limiter.take("jane", now).is_ok()).count();
        assert_eq!(taken, FREE as usize);
        let taken = (0..200).filter(|n| limiter.take(&format!("name {n}"), now).is_ok()).count();
        assert_eq!(taken, 50 - FREE as usize);
    }
}
