//! UpdateRoutingProfileAgentAvailabilityTimer.

use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::UpdateRoutingProfileAgentAvailabilityTimerRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces the rule by which who waited longest is found.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileAgentAvailabilityTimerRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |_, profile: &mut RoutingProfile| {
        profile.agent_availability_timer = Some(input.agent_availability_timer.as_str().to_owned());
        Ok(())
    })
}
