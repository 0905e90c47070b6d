//! DescribeRoutingProfile.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::{DescribeRoutingProfileRequest, DescribeRoutingProfileResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::ids;

/// The profile with the numbers of its queues and users; the queues have operations of their own.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeRoutingProfileRequest) -> Result<DescribeRoutingProfileResponse> {
    let profile = find(cx, &input.routing_profile_id)?;
    Ok(DescribeRoutingProfileResponse { routing_profile: Some(view::profile(cx, &profile)) })
}

/// The profile that a member of the request names.
pub(super) fn find(cx: &impl InstanceState, text: &str) -> Result<Arc<RoutingProfile>> {
    let found = cx.routing_profiles.get(&ids::id(cx, Kind::RoutingProfile, text));
    let seen = found.filter(|it| cx.can_view(Kind::RoutingProfile, &it.id));
    seen.cloned().ok_or_else(|| Error::not_found(Kind::RoutingProfile.noun(), text))
}
