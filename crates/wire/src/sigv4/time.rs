//! The two forms in which a request states its time, and the one in which it is signed.

/// A request's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RequestTime {
    /// Seconds since 1970.
    pub(super) epoch: i64,
    /// `YYYYMMDDTHHMMSSZ`.
    basic: [u8; 16],
}

impl RequestTime {
    /// The time at these seconds since 1970, within the years 0 to 9999.
    pub(super) fn from_epoch(epoch: i64) -> Self {
        let epoch = epoch.clamp(-62_167_219_200, 253_402_300_799);
        let (days, second) = (epoch.div_euclid(86_400), epoch.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        let mut basic = *b"00000000T000000Z";
        let fields = [
            (0, year, 4),
            (4, month, 2),
            (6, day, 2),
            (9, second / 3600, 2),
            (11, second / 60 % 60, 2),
            (13, second % 60, 2),
        ];
        for (start, mut value, width) in fields {
            for digit in basic.iter_mut().skip(start).take(width).rev() {
                *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
                value /= 10;
            }
        }
        Self { epoch, basic }
    }

    /// Reads `YYYYMMDDTHHMMSSZ`.
    pub(super) fn from_basic(text: &str) -> Option<Self> {
        let basic: [u8; 16] = text.as_bytes().try_into().ok()?;
        let [y1, y2, y3, y4, o1, o2, d1, d2, b'T', h1, h2, m1, m2, s1, s2, b'Z'] = basic else { return None };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0, |sum, d| d.is_ascii_digit().then(|| sum * 10 + i64::from(d - b'0')))
        };
        let epoch = epoch(
            (number(&[y1, y2, y3, y4])?, number(&[o1, o2])?, number(&[d1, d2])?),
            (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?),
        )?;
        Some(Self { epoch, basic })
    }

    /// Reads a `Date` header: `Sun, 30 Aug 2015 12:36:00 GMT`, or the basic form.
    pub(super) fn from_date_header(text: &str) -> Option<Self> {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        if let Some(time) = Self::from_basic(text) {
            return Some(time);
        }
        let (_, rest) = text.split_once(", ")?;
        let mut words = rest.split(' ');
        let (day, month, year, clock, zone) =
            (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
        if words.next().is_some() || !matches!(zone, "GMT" | "UTC" | "+0000" | "-0000") || year.len() != 4 {
            return None;
        }
        let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
        let mut parts = clock.split(':').map(number);
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        Some(Self::from_epoch(epoch((number(year)?, month, number(day)?), (hour, minute, second))?))
    }

    /// `YYYYMMDDTHHMMSSZ`.
    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.basic).unwrap_or_default()
    }

    /// `YYYYMMDD`.
    pub(super) fn day(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }
}

/// Seconds since 1970 of a date and time that exist; none of one that does not.
fn epoch((year, month, day): (i64, i64, i64), (hour, minute, second): (i64, i64, i64)) -> Option<i64> {
    let days = days_from_civil(year, month, day);
    let exists = civil_from_days(days) == (year, month, day) && hour < 24 && minute < 60 && second < 60;
    exists.then_some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Days since 1970 in the Gregorian calendar, reckoned in eras of 400 years that begin on 1 March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_from_civil`].
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
