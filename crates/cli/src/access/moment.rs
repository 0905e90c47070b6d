//! A moment in an instance's past as written on the command line: a revision, or a time.

use lanyard_model::Timestamp;
use lanyard_store::Moment;

/// Reads a revision (`42`), a day (`2026-03-01`, its beginning in UTC) or a time (`2026-03-01T09:30:00Z`,
/// `2026-03-01T10:30+01:00`). A time without a zone is in UTC.
pub(crate) fn parse(text: &str) -> Result<Moment, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map(Moment::Revision).map_err(|_| format!("the revision `{text}` is too large"));
    }
    lanyard_wire::Timestamp::from_iso(text).map(|time| Moment::Time(Timestamp(time.millis()))).ok_or_else(|| {
        format!("`{text}` is neither a revision, such as 42, nor a time, such as 2026-03-01T09:30:00Z or 2026-03-01")
    })
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
