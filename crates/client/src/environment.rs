//! The client's clock and randomness, so that nothing else reads a clock and tests control both.

use std::time::{SystemTime, UNIX_EPOCH};

/// The clock, and randomness for spreading retries.
pub trait Environment: Send + Sync + 'static {
    /// The time now, in milliseconds since 1970, UTC.
    fn now(&self) -> i64;

    /// A number from 0 up to, and without, 1; evenly spread. It need not be unpredictable.
    fn random(&self) -> f64;
}

/// The machine's own clock and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEnvironment;

impl Environment for SystemEnvironment {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self) -> f64 {
        // Without randomness, retries are spread less; nothing else depends on it.
        f64::from(getrandom::u32().unwrap_or(u32::MAX / 2)) / (f64::from(u32::MAX) + 1.0)
    }
}
