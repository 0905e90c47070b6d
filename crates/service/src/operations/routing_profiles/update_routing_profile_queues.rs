//! UpdateRoutingProfileQueues.

use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::UpdateRoutingProfileQueuesRequest;

use super::queues;
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified::update;

/// Gives queues of a profile a new priority and delay. All must be associated for the channel already; the profile's other
/// queues stay as they are.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileQueuesRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        for config in queues::configs(cx, Some(&input.queue_configs))? {
            let present = profile.queue_configs.iter_mut().find(|it| it.queue == config.queue);
            let Some(present) = present else {
                return Err(Error::invalid_request(format!(
                    "the queue `{}` is not associated with the routing profile for {}; associate it first",
                    config.queue.queue_id, config.queue.channel
                )));
            };
            *present = config;
        }
        Ok(())
    })
}
