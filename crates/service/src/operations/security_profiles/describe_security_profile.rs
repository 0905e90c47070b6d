//! DescribeSecurityProfile.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{DescribeSecurityProfileRequest, DescribeSecurityProfileResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::ids;

/// The profile, without its four lists, which have operations of their own.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeSecurityProfileRequest) -> Result<DescribeSecurityProfileResponse> {
    let profile = find(cx, &input.security_profile_id)?;
    let described = view::profile(cx, &profile);
    Ok(DescribeSecurityProfileResponse { security_profile: Some(described) })
}

/// The profile that a member of the request names.
pub(super) fn find(cx: &impl InstanceState, id: &str) -> Result<Arc<SecurityProfile>> {
    let found = cx
        .security_profiles
        .get(&ids::id(cx, Kind::SecurityProfile, id))
        .filter(|it| cx.can_view(Kind::SecurityProfile, &it.id));
    found.cloned().ok_or_else(|| Error::not_found(Kind::SecurityProfile.noun(), id))
}
