//! How often somebody may try to sign in.
//!
//! After a few failures in a row a name has to wait, longer each time; whether there is such a user makes no difference.
//! All names together have a rate. What is remembered is bounded: names are kept as hashes, and the one that failed the
//! longest ago is forgotten first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use lanyard_model::Timestamp;
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

/// How many attempts a second are answered, and how many at once.
const PER_SECOND: f64 = 10.0;
const BURST: f64 = 50.0;

type Hash = [u8; 32];

/// The failures of late.
#[derive(Debug, Default)]
pub struct SignInLimiter(Mutex<Attempts>);

#[derive(Debug, Default)]
struct Attempts {
    names: HashMap<Hash, Failures>,
    bucket: Option<(f64, Timestamp)>,
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

/// Why an attempt is not made: it may be after this many seconds.
#[derive(Debug, PartialEq, Eq)]
pub struct Wait(
    /// Seconds.
    pub i64,
);

impl SignInLimiter {
    /// Takes an attempt, which counts as a failure until it is said to have succeeded, so that many at once are no more
    /// than one after another.
    ///
    /// # Errors
    /// How long to wait, when the name failed too often or too many try at once.
    pub fn take(&self, name: &str, now: Timestamp) -> Result<(), Wait> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = state.bucket.unwrap_or((BURST, now));
        let elapsed = i32::try_from(now.millis_since(since).max(0)).unwrap_or(i32::MAX);
        let tokens = (tokens + f64::from(elapsed) / 1_000.0 * PER_SECOND).min(BURST);
        state.bucket = Some((tokens, since.max(now)));
        if tokens < 1.0 {
            return Err(Wait(1));
        }
        let name = hash(name);
        if let Some(failures) = state.names.get(&name) {
            let left = failures.until().millis_since(now);
            if left > 0 {
                return Err(Wait((left + 999) / 1_000));
            }
        }
        state.bucket = Some((tokens - 1.0, since.max(now)));
        if !state.names.contains_key(&name) && state.names.len() >= MOST_NAMES {
            state.names.retain(|_, it| now.millis_since(it.last) < FORGOTTEN);
            if state.names.len() >= MOST_NAMES {
                let oldest = state.names.iter().min_by_key(|(_, it)| it.last).map(|(name, _)| *name);
                oldest.map(|name| state.names.remove(&name));
            }
        }
        let failures = state.names.entry(name).or_insert(Failures { count: 0, last: now });
        if now.millis_since(failures.last) >= FORGOTTEN {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = failures.last.max(now);
        Ok(())
    }

    /// The attempt succeeded: the name has no failures.
    pub fn succeeded(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).names.remove(&hash(name));
    }
}

fn hash(name: &str) -> Hash {
    Sha256::digest(name).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_are_free_and_then_waits_double() {
        let attempts = SignInLimiter::default();
        let mut now = Timestamp(0);
        for _ in 0..FREE {
            assert_eq!(attempts.take("jane", now), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..7 {
            let Err(Wait(seconds)) = attempts.take("jane", now) else { panic!("no wait") };
            waits.push(seconds);
            now = Timestamp(now.0 + seconds * 1_000);
            assert_eq!(attempts.take("jane", now), Ok(()));
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(attempts.take("john", now), Ok(()), "others do not wait");
        attempts.succeeded("jane");
        assert_eq!(attempts.take("jane", now), Ok(()));
    }

    #[test]
    fn all_names_together_have_a_rate_and_memory_is_bounded() {
        let attempts = SignInLimiter::default();
        let taken = |at: i64| (0..200).filter(|n| attempts.take(&format!("{at}-{n}"), Timestamp(at)).is_ok()).count();
        assert_eq!((taken(0), taken(1_000), taken(61_000)), (50, 10, 50));
        for at in 1..=MOST_NAMES + 10 {
            let _ = attempts.take(&format!("name {at}"), Timestamp(61_000 + i64::try_from(at).unwrap() * 1_000));
        }
        assert_eq!(attempts.0.lock().unwrap().names.len(), MOST_NAMES);
    }
}
