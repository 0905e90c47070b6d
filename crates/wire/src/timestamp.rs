//! Points in time, as the API carries them.
//!
//! A timestamp is whole milliseconds, so that writing and reading it again gives the same value.

/// Milliseconds since 1970-01-01T00:00:00Z; on the wire a JSON number of seconds with up to three decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The largest magnitude, in milliseconds, that a double of seconds carries exactly (beyond the year 100,000).
const LIMIT: f64 = 4e15;

impl Timestamp {
    /// The time `millis` milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The nearest millisecond to a number of seconds, or nothing for a time that is out of range.
    pub(crate) fn from_seconds(seconds: f64) -> Option<Self> {
        crate::decode::whole((seconds * 1000.0).round()).filter(|_| (seconds * 1000.0).abs() <= LIMIT).map(Self)
    }
}

impl std::fmt::Display for Timestamp {
    /// Epoch seconds as the wire has them, `1690000000.123`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (seconds, millis) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        match millis {
            0 => write!(f, "{sign}{seconds}"),
            _ => write!(f, "{sign}{seconds}.{}", format!("{millis:03}").trim_end_matches('0')),
        }
    }
}
