//! UpdateRoutingProfileAgentAvailabilityTimer.

use lanyard_wire::shapes::UpdateRoutingProfileAgentAvailabilityTimerRequest;

use super::update::update;
use crate::context::Write;
use crate::error::Result;

/// Replaces the rule by which who waited longest is found.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileAgentAvailabilityTimerRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |_, profile| {
        profile.agent_availability_timer = Some(input.agent_availability_timer.as_str().to_owned());
        Ok(())
    })
}
