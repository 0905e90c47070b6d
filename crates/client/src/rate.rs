//! The rate of calls.
//!
//! Amazon's quota (2 calls a second, bursts of 5) is shared by the whole account and region, so that a client that reads a
//! lot takes it from the contact centre's own work. A client therefore begins far below, never bursts, becomes slower as
//! soon as the service throttles a call, and recovers slowly.

use std::time::Duration;

/// Calls a second against Amazon's service unless another rate is set: a quarter of the quota.
pub const AMAZON_RATE: f64 = 0.5;

/// Calls a second that a service without a set rate is taken to admit once it throttles: the quota of Amazon's.
const QUOTA: f64 = 2.0;
/// The part of the rate that is left when the service throttles.
const DECREASE: f64 = 0.5;
/// The part of the full rate that each answered call restores.
const RECOVERY: f64 = 0.01;
/// The least part of the full rate.
const LEAST: f64 = 1.0 / 16.0;
/// For how long after a decrease further refusals are the same event, in milliseconds.
const ONE_EVENT: i64 = 1_000;

/// A bucket of one token, which fills at the rate. Times are milliseconds since 1970, of any clock.
#[derive(Clone, Debug)]
pub struct Limiter {
    /// Calls a second when the service does not throttle; `None` for no limit.
    full: Option<f64>,
    /// Calls a second now.
    rate: Option<f64>,
    /// When the next call may be sent.
    free_at: i64,
    /// When the rate was last decreased.
    decreased_at: Option<i64>,
}

impl Limiter {
    /// A limit of so many calls a second, or none. A rate that is not a positive number is none.
    #[must_use]
    pub fn new(rate: Option<f64>) -> Self {
        let rate = rate.filter(|rate| rate.is_finite() && *rate > 0.0);
        Self { full: rate, rate, free_at: i64::MIN, decreased_at: None }
    }

    /// Calls a second now; `None` without a limit.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        self.rate
    }

    /// Takes the next place in the queue: the wait before the call may be sent.
    pub fn reserve(&mut self, now: i64) -> Duration {
        let Some(rate) = self.rate else { return Duration::ZERO };
        let interval = Duration::from_secs_f64(1.0 / rate);
        let interval = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
        // A clock that was set back does not hold up calls for longer than one interval each.
        let start = self.free_at.clamp(now, now.saturating_add(interval.saturating_mul(64)));
        self.free_at = start.saturating_add(interval);
        Duration::from_millis(u64::try_from(start.saturating_sub(now)).unwrap_or(0))
    }

    /// The service refused a call because there were too many.
    pub fn throttled(&mut self, now: i64) {
        if self.decreased_at.is_some_and(|at| (at..at.saturating_add(ONE_EVENT)).contains(&now)) {
            return;
        }
        let full = *self.full.get_or_insert(QUOTA);
        self.rate = Some((self.rate.unwrap_or(full) * DECREASE).max(full * LEAST));
        self.decreased_at = Some(now);
    }

    /// The service answered a call.
    pub fn answered(&mut self) {
        if let (Some(rate), Some(full)) = (self.rate, self.full) {
            self.rate = Some((rate + full * RECOVERY).min(full));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(limiter: &mut Limiter, now: i64, count: usize) -> Vec<u128> {
        (0..count).map(|_| limiter.reserve(now).as_millis()).collect()
    }

    #[test]
    fn half_a_call_a_second_without_a_burst() {
        let mut limiter = Limiter::new(Some(AMAZON_RATE));
        assert_eq!(waits(&mut limiter, 0, 3), [0, 2_000, 4_000]);
        // A long rest saves nothing up.
        assert_eq!(waits(&mut limiter, 1_000_000, 2), [0, 2_000]);
    }

    #[test]
    fn no_limit_until_the_service_throttles() {
        let mut limiter = Limiter::new(None);
        assert_eq!(waits(&mut limiter, 0, 3), [0, 0, 0]);
        limiter.throttled(0);
        assert_eq!(limiter.rate(), Some(1.0));
        assert_eq!(waits(&mut limiter, 0, 2), [0, 1_000]);
    }

    #[test]
    fn halves_when_throttled_and_comes_back_slowly() {
        let mut limiter = Limiter::new(Some(2.0));
        limiter.throttled(0);
        limiter.throttled(999);
        assert_eq!(limiter.rate(), Some(1.0));
        limiter.throttled(1_000);
        assert_eq!(limiter.rate(), Some(0.5));
        for second in 2..100 {
            limiter.throttled(second * 1_000);
        }
        assert_eq!(limiter.rate(), Some(0.125));
        limiter.answered();
        assert!(limiter.rate().is_some_and(|rate| (0.14..0.15).contains(&rate)));
        for _ in 0..200 {
            limiter.answered();
        }
        assert_eq!(limiter.rate(), Some(2.0));
    }

    #[test]
    fn a_clock_that_is_set_back_holds_up_little() {
        let mut limiter = Limiter::new(Some(2.0));
        limiter.reserve(1_000_000_000);
        assert!(limiter.reserve(0) <= Duration::from_secs(32));
    }

    #[test]
    fn nonsense_is_no_rate() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Limiter::new(Some(rate)).rate(), None);
        }
    }
}
