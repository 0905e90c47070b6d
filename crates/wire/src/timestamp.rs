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

    /// The time of a date (`2026-03-01`, its beginning in UTC) or of a date and time (`2026-03-01T09:30:00Z`,
    /// `2026-03-01 10:30+01:00`), as ISO 8601 has them; a time without a zone is in UTC. Nothing for other text.
    pub fn from_iso(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once(['T', 't', ' ']).map_or((text, None), |(date, clock)| (date, Some(clock)));
        let mut parts = date.split('-');
        let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
        if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
            return None;
        }
        let milliseconds = clock.map_or(Some(0), in_day)?;
        Some(Self(days_before(year, month, day) * 86_400_000 + milliseconds))
    }

    /// The time in UTC as ISO 8601 has it: `2026-03-01T09:30:00Z`, with milliseconds where there are any.
    #[must_use]
    pub fn to_iso(self) -> String {
        let (days, in_day) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let (year, month, day) = crate::sigv4::civil_from_days(days);
        let (seconds, millis) = (in_day / 1000, in_day % 1000);
        let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
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

/// The milliseconds since midnight UTC of `HH:MM[:SS[.fff]]` and a zone.
fn in_day(text: &str) -> Option<i64> {
    let (clock, offset) = match text.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => match text.rfind(['+', '-']) {
            Some(at) => {
                let (hours, minutes) = text.get(at + 1..)?.split_once(':')?;
                let minutes = digits(hours, 2)? * 60 + digits(minutes, 2)?;
                (text.get(..at)?, if text.get(at..)?.starts_with('-') { -minutes } else { minutes })
            }
            None => (text, 0),
        },
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let (second, fraction) = match parts.next() {
        Some(seconds) => seconds.split_once('.').unwrap_or((seconds, "0")),
        None => ("00", "0"),
    };
    let second = digits(second, 2)?;
    let fraction = digits(&format!("{:0<3}", fraction.get(..fraction.len().min(3))?), 3)?;
    let exists = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    exists.then_some(((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap(year)),
        _ => 31,
    }
}

/// The days from 1970 to a date of the Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let years = (year - 1970) * 365 + leaps(year - 1) - leaps(1969);
    years + (1..month).map(|month| days_in(year, month)).sum::<i64>() + day - 1
}
