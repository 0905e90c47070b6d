//! UpdateQueueStatus.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::{QueueStatus, UpdateQueueStatusRequest};

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Enables or disables a queue.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueStatusRequest) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.enabled = input.status == QueueStatus::Enabled;
        Ok(())
    })
}
