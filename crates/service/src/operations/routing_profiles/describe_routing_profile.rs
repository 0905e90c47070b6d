//! DescribeRoutingProfile.

use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::{DescribeRoutingProfileRequest, DescribeRoutingProfileResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;

/// The profile with the numbers of its queues and users; the queues have operations of their own.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeRoutingProfileRequest) -> Result<DescribeRoutingProfileResponse> {
    let profile = find::<RoutingProfile>(cx, &input.routing_profile_id)?;
    Ok(DescribeRoutingProfileResponse { routing_profile: Some(view::profile(cx, &profile)) })
}
