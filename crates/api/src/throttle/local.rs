//! The rate limit of one process, in memory.

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use lanyard_model::Scope;
use nonzero_ext::nonzero;

const RATE: Quota = Quota::per_second(nonzero!(2_u32)).allow_burst(nonzero!(5_u32));

/// How many accounts and regions are counted at once. A region is any name that a client signs for.
const MOST: usize = 1_024;

/// The requests of late of each account and region, on a clock that is never set back.
pub(crate) struct LocalThrottle<C: Clock = MonotonicClock>(
    RateLimiter<Scope, HashMapStateStore<Scope>, C, NoOpMiddleware<C::Instant>>,
);

impl Default for LocalThrottle {
    fn default() -> Self {
        Self::new(MonotonicClock)
    }
}

impl<C: Clock> LocalThrottle<C> {
    fn new(clock: C) -> Self {
        Self(RateLimiter::hashmap_with_clock(RATE, clock))
    }

    /// Counts a request, if the rate allows it.
    pub(crate) fn admit(&self, scope: &Scope) -> bool {
        if self.0.len() >= MOST {
            // Those that may burst again are as new ones.
            self.0.retain_recent();
            if self.0.len() >= MOST {
                return false;
            }
        }
        self.0.check_key(scope).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn five_at_once_then_two_a_second() {
        let clock = FakeRelativeClock::default();
        let throttle = LocalThrottle::new(clock.clone());
        let scope = Scope { account: "1".into(), region: "eu-west-2".into() };
        let admitted_after = |millis| {
            clock.advance(Duration::from_millis(millis));
            (0..10).filter(|_| throttle.admit(&scope)).count()
        };
        assert_eq!([0, 499, 501, 499, 60_000].map(admitted_after), [5, 0, 2, 0, 5]);
        assert!(throttle.admit(&Scope { account: "2".into(), ..scope }));
    }

    #[test]
    fn invented_regions_do_not_add_up() {
        let clock = FakeRelativeClock::default();
        let throttle = LocalThrottle::new(clock.clone());
        let of = |number: usize| Scope { account: "1".into(), region: format!("region-{number}") };
        for number in 0..10 * MOST {
            clock.advance(Duration::from_millis(100));
            assert!(throttle.admit(&of(number)), "{number}");
        }
        assert!(throttle.0.len() <= MOST);

        // All at once: there is no room for more, until they may burst again.
        clock.advance(Duration::from_secs(60));
        assert_eq!((0..10 * MOST).filter(|number| throttle.admit(&of(*number))).count(), MOST);
        assert_eq!(throttle.0.len(), MOST);
        clock.advance(Duration::from_secs(3));
        assert!(throttle.admit(&of(0)));
        assert_eq!(throttle.0.len(), 1);
    }
}
