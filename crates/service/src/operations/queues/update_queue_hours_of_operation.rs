//! UpdateQueueHoursOfOperation.

use lanyard_model::Kind;
use lanyard_wire::shapes::UpdateQueueHoursOfOperationRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::references;

/// Gives a queue other hours, which must exist.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueHoursOfOperationRequest) -> Result<()> {
    checks::update(cx, &input.queue_id, |cx, queue| {
        queue.hours_of_operation_id = references::existing(cx, Kind::HoursOfOperation, &input.hours_of_operation_id)?;
        Ok(())
    })
}
