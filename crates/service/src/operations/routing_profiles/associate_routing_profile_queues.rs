//! AssociateRoutingProfileQueues.

use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::AssociateRoutingProfileQueuesRequest;

use super::queues;
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified::update;

/// Adds queues to a profile's lists; a queue that is there for the channel gets the new priority and delay.
pub(crate) fn run(cx: &mut Write<'_>, input: &AssociateRoutingProfileQueuesRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        if input.queue_configs.is_none() && input.manual_assignment_queue_configs.is_none() {
            return Err(Error::invalid_request(
                "one of the members `QueueConfigs` and `ManualAssignmentQueueConfigs` is required",
            ));
        }
        let configs = queues::configs(cx, input.queue_configs.as_deref())?;
        let manual = queues::manual(cx, input.manual_assignment_queue_configs.as_deref())?;
        queues::add(profile, configs, manual)
    })
}
