//! A point in an instance's past as people write it: a revision, or a time.

use lanyard_model::Timestamp;
use lanyard_store::Moment;

/// Reads a revision (`42`), a day (`2026-03-01`, its beginning in UTC) or a time (`2026-03-01T09:30:00Z`,
/// `2026-03-01T10:30+01:00`). A time without a zone is in UTC.
pub(crate) fn parse(text: &str) -> Result<Moment, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map(Moment::Revision).map_err(|_| format!("the revision `{text}` is too large"));
    }
    time(text).map(|milliseconds| Moment::Time(Timestamp(milliseconds))).ok_or_else(|| {
        format!("`{text}` is neither a revision, such as 42, nor a time, such as 2026-03-01T09:30:00Z or 2026-03-01")
    })
}

/// The milliseconds since 1970 of a date, or of a date and time.
fn time(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once(['T', 't', ' ']).map_or((text, None), |(date, clock)| (date, Some(clock)));
    let mut parts = date.split('-');
    let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let milliseconds = clock.map_or(Some(0), in_day)?;
    Some(days_before(year, month, day) * 86_400_000 + milliseconds)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(text: &str) -> i64 {
        match parse(text) {
            Ok(Moment::Time(time)) => time.0,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn revisions_and_times() {
        assert_eq!(parse("42"), Ok(Moment::Revision(42)));
        assert_eq!(milliseconds("1970-01-01"), 0);
        assert_eq!(milliseconds("2024-02-29T12:00:00Z"), 1_709_208_000_000);
        assert_eq!(milliseconds("2026-08-20T10:30:15.25Z"), 1_787_221_815_250);
        assert_eq!(milliseconds("2026-08-20T12:30+02:00"), milliseconds("2026-08-20 10:30"));
        assert_eq!(milliseconds("2026-08-20T05:30-05:00"), milliseconds("2026-08-20T10:30Z"));
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in
            ["", "yesterday", "2025-02-29", "2026-13-01", "2026-1-1", "2026-08-20T25:00Z", "2026-08-20T10", "-1", "é"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
