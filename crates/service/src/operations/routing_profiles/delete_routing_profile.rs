//! DeleteRoutingProfile.

use lanyard_model::Kind;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::DeleteRoutingProfileRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::in_use;
use crate::operations::references::find;

/// Deletes a profile that nobody has. The one that came with the instance is not protected: it is the customer's too.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteRoutingProfileRequest) -> Result<()> {
    let profile = find::<RoutingProfile>(cx, &input.routing_profile_id)?;
    in_use::check(cx, Kind::RoutingProfile, &profile.id)?;
    cx.delete(Kind::RoutingProfile, &profile.id)
}
