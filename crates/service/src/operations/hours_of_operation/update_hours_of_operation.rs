//! UpdateHoursOfOperation.

use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::UpdateHoursOfOperationRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces the members that are sent and leaves the others as they were. The empty description clears it, an empty
/// configuration is one that is never open. Parents and tags have no member here and stay.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateHoursOfOperationRequest) -> Result<()> {
    update(cx, &input.hours_of_operation_id, |cx, hours: &mut HoursOfOperation| {
        if let Some(name) = &input.name {
            checks::name_is_free(cx, name, &hours.id)?;
            hours.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            hours.description = (!description.is_empty()).then(|| description.clone());
        }
        if let Some(time_zone) = &input.time_zone {
            hours.time_zone = checks::time_zone(time_zone)?;
        }
        if let Some(config) = &input.config {
            hours.config = checks::spans(config);
        }
        Ok(())
    })
}
