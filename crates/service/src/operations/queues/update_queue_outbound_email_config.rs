//! UpdateQueueOutboundEmailConfig.

use lanyard_wire::shapes::UpdateQueueOutboundEmailConfigRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;

/// Replaces the address of mail out of the queue; an empty configuration takes it away.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueOutboundEmailConfigRequest) -> Result<()> {
    checks::update(cx, &input.queue_id, |_, queue| {
        queue.outbound_email_address_id.clone_from(&input.outbound_email_config.outbound_email_address_id);
        Ok(())
    })
}
