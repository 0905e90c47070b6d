//! UpdateQueueOutboundCallerConfig.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::UpdateQueueOutboundCallerConfigRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces how calls out show as a whole: what the configuration leaves out is gone.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueOutboundCallerConfigRequest) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.outbound_caller_config = checks::outbound_caller_config(&input.outbound_caller_config)?;
        Ok(())
    })
}
