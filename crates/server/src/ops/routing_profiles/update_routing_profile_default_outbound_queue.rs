//! UpdateRoutingProfileDefaultOutboundQueue.

use lanyard_wire::shapes::UpdateRoutingProfileDefaultOutboundQueueRequest;

use super::queues;
use super::update::update;
use crate::context::Write;
use crate::error::Result;

/// Replaces the queue of calls out.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileDefaultOutboundQueueRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile| {
        profile.default_outbound_queue_id = queues::find(cx, &input.default_outbound_queue_id)?;
        Ok(())
    })
}
