//! UpdateUserSecurityProfiles.

use lanyard_model::resources::User;
use lanyard_wire::shapes::UpdateUserSecurityProfilesRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces the security profiles that a user holds.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserSecurityProfilesRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.security_profile_ids = checks::security_profiles(cx, &input.security_profile_ids)?;
        checks::check_restricted_profiles(cx, user)
    })
}
