//! How long to wait before a call is sent again.

use std::time::Duration;

/// How often a call is sent, and how far the attempts lie apart: the wait before each is anything from nothing to a time
/// that doubles, so that clients which failed together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    /// How often a call is sent at most, at least once.
    pub attempts: u32,
    /// The longest wait before the second attempt.
    pub base: Duration,
    /// The longest wait before any.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 8, base: Duration::from_millis(500), longest: Duration::from_secs(20) }
    }
}

impl Retry {
    /// The wait after `sent` attempts; `random` is from 0 to 1.
    #[must_use]
    pub fn wait(&self, sent: u32, random: f64) -> Duration {
        let doublings = sent.saturating_sub(1).min(16);
        let most = self.base.saturating_mul(1 << doublings).min(self.longest);
        most.mul_f64(random.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let retry = Retry { attempts: 8, base: Duration::from_millis(500), longest: Duration::from_secs(3) };
        let most: Vec<u128> = (1..=5).map(|sent| retry.wait(sent, 1.0).as_millis()).collect();
        assert_eq!(most, [500, 1_000, 2_000, 3_000, 3_000]);
        assert_eq!(retry.wait(u32::MAX, 1.0), Duration::from_secs(3));
    }

    #[test]
    fn a_wait_is_anything_down_to_nothing() {
        let retry = Retry::default();
        assert_eq!(retry.wait(3, 0.0), Duration::ZERO);
        assert_eq!(retry.wait(3, 0.25), Duration::from_millis(500));
        assert_eq!(retry.wait(3, f64::INFINITY), Duration::from_secs(2));
    }
}
