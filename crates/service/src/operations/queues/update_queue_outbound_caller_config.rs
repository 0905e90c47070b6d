//! UpdateQueueOutboundCallerConfig.

use lanyard_wire::shapes::UpdateQueueOutboundCallerConfigRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;

/// Replaces how calls out show as a whole: what the configuration leaves out is gone.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueOutboundCallerConfigRequest) -> Result<()> {
    checks::update(cx, &input.queue_id, |_, queue| {
        queue.outbound_caller_config = checks::outbound_caller_config(&input.outbound_caller_config)?;
        Ok(())
    })
}
