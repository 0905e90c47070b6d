//! UpdateUserRoutingProfile.

use lanyard_model::Kind;
use lanyard_model::resources::User;
use lanyard_wire::shapes::UpdateUserRoutingProfileRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;
use crate::operations::references::existing;

/// Gives a user another routing profile.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserRoutingProfileRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.routing_profile_id = existing(cx, Kind::RoutingProfile, &input.routing_profile_id)?;
        Ok(())
    })
}
