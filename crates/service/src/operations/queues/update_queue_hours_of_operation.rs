//! UpdateQueueHoursOfOperation.

use lanyard_model::Kind;
use lanyard_model::resources::Queue;
use lanyard_wire::shapes::UpdateQueueHoursOfOperationRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;
use crate::operations::references;

/// Gives a queue other hours, which must exist.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueHoursOfOperationRequest) -> Result<()> {
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        queue.hours_of_operation_id = references::existing(cx, Kind::HoursOfOperation, &input.hours_of_operation_id)?;
        Ok(())
    })
}
