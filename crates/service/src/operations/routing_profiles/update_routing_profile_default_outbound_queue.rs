//! UpdateRoutingProfileDefaultOutboundQueue.

use lanyard_model::Kind;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::UpdateRoutingProfileDefaultOutboundQueueRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;
use crate::operations::references;

/// Replaces the queue of calls out.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileDefaultOutboundQueueRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        profile.default_outbound_queue_id = references::existing(cx, Kind::Queue, &input.default_outbound_queue_id)?;
        Ok(())
    })
}
