//! UpdateQueueStatus.

use lanyard_wire::shapes::{QueueStatus, UpdateQueueStatusRequest};

use super::checks;
use crate::context::Write;
use crate::error::Result;

/// Enables or disables a queue.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueStatusRequest) -> Result<()> {
    checks::update(cx, &input.queue_id, |_, queue| {
        queue.enabled = input.status == QueueStatus::Enabled;
        Ok(())
    })
}
