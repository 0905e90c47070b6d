//! Checks of creating and updating hours, beyond the constraints of the API model, and the translation of a request's
//! members into the hours'.

use lanyard_model::resources::{OpeningSpan, TimeOfDay};
use lanyard_model::{Directory, Id, Kind};
use lanyard_wire::shapes::{HoursOfOperationConfig, HoursOfOperationTimeSlice};

use crate::error::{Error, Excerpt, Result};

/// Refuses a name that other hours of the instance have. Names that differ only in case are different.
pub(super) fn name_is_free(directory: &Directory, name: &str, id: &Id) -> Result<()> {
    match directory.find_name(Kind::HoursOfOperation, name) {
        Some(holder) if holder != id => {
            Err(Error::duplicate(format!("there are hours of operation named `{name}` in this instance already")))
        }
        _ => Ok(()),
    }
}

/// Refuses a time zone without the form of a name in the IANA database: `Europe/Berlin`, `UTC`, `Etc/GMT+5`. The name
/// is not looked up in the database: the service's edition is not known, and no operation computes with it.
pub(crate) fn time_zone(name: &str) -> Result<String> {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
    };
    if name.split('/').all(is_part) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid_parameter(format!(
        "member `TimeZone` has value `{}`, must be a name of the IANA time zone database, such as `Europe/Berlin`",
        Excerpt(name)
    )))
}

/// The spans as they are sent. An end at or before the start is taken: midnight as an end is 00:00, and 00:00 to 00:00 is
/// the whole day.
pub(super) fn spans(config: &[HoursOfOperationConfig]) -> Vec<OpeningSpan> {
    let time = |it: &HoursOfOperationTimeSlice| TimeOfDay { hours: it.hours, minutes: it.minutes };
    let span = |it: &HoursOfOperationConfig| OpeningSpan {
        day: it.day.as_str().to_owned(),
        start: time(&it.start_time),
        end: time(&it.end_time),
    };
    config.iter().map(span).collect()
}
