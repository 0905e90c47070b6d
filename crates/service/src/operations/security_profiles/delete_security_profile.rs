//! DeleteSecurityProfile.

use lanyard_model::Kind;
use lanyard_wire::shapes::DeleteSecurityProfileRequest;

use super::describe_security_profile::find;
use crate::context::Write;
use crate::error::Result;
use crate::operations::in_use;

/// Deletes a profile that nobody holds. The built-in ones are not protected: they are the customer's too.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteSecurityProfileRequest) -> Result<()> {
    let id = find(cx, &input.security_profile_id)?.id.clone();
    in_use::check(cx, Kind::SecurityProfile, &id)?;
    cx.delete(Kind::SecurityProfile, &id)
}
