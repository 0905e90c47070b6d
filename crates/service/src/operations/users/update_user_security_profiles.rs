//! UpdateUserSecurityProfiles.

use lanyard_wire::shapes::UpdateUserSecurityProfilesRequest;

use super::{checks, update};
use crate::context::Write;
use crate::error::Result;

/// Replaces the security profiles that a user holds.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserSecurityProfilesRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user| {
        user.security_profile_ids = checks::security_profiles(cx, &input.security_profile_ids)?;
        checks::check_restricted_profiles(cx, user)
    })
}
