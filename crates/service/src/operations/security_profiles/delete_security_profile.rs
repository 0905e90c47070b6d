//! DeleteSecurityProfile.

use lanyard_model::Kind;
use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::DeleteSecurityProfileRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::in_use;
use crate::operations::references::find;

/// Deletes a profile that nobody holds. The built-in ones are not protected: they are the customer's too.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteSecurityProfileRequest) -> Result<()> {
    let id = find::<SecurityProfile>(cx, &input.security_profile_id)?.id.clone();
    in_use::check(cx, Kind::SecurityProfile, &id)?;
    cx.delete(Kind::SecurityProfile, &id)
}
