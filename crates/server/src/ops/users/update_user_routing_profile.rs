//! UpdateUserRoutingProfile.

use lanyard_wire::shapes::UpdateUserRoutingProfileRequest;

use super::{checks, update};
use crate::context::Write;
use crate::error::Result;

/// Gives a user another routing profile.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserRoutingProfileRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user| {
        user.routing_profile_id = checks::routing_profile(cx, &input.routing_profile_id)?;
        Ok(())
    })
}
