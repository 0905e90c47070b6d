//! UpdateQueueOutboundEmailConfig.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::UpdateQueueOutboundEmailConfigRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces the address of mail out of the queue; an empty configuration takes it away.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueOutboundEmailConfigRequest) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.outbound_email_address_id.clone_from(&input.outbound_email_config.outbound_email_address_id);
        Ok(())
    })
}
