//! DescribeSecurityProfile.

use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{DescribeSecurityProfileRequest, DescribeSecurityProfileResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;

/// The profile, without its four lists, which have operations of their own.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeSecurityProfileRequest) -> Result<DescribeSecurityProfileResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let described = view::profile(cx, &profile);
    Ok(DescribeSecurityProfileResponse { security_profile: Some(described) })
}
