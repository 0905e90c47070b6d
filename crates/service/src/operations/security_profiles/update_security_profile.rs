//! UpdateSecurityProfile, the operation that this project began with.

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::UpdateSecurityProfileRequest;

use super::checks::{Members, members};
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified;
use crate::operations::references::find;
use crate::operations::users::check_restricted_profiles;

/// Replaces the members that are sent and leaves the others as they were; an empty member clears
/// (`docs/evidence`, W1 to W8). The name and the resource tags have no member here and stay.
///
/// The time and region of the last modification move even when no member is sent.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateSecurityProfileRequest) -> Result<()> {
    let before = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let mut profile = SecurityProfile::clone(&before);
    members!(input).apply(cx, &mut profile)?;
    let becomes_restricted = profile.is_restricted() && !before.is_restricted();
    modified::put(cx, profile)?;
    if becomes_restricted { check_holders(cx, &before.id) } else { Ok(()) }
}

/// Refuses a restriction that gives someone who holds the profile more restricted profiles than a user may have.
fn check_holders(cx: &Write<'_>, id: &Id) -> Result<()> {
    let holders = cx.referrers(Kind::SecurityProfile, id).filter(|holder| holder.kind == Kind::User);
    let mut users = holders.filter_map(|holder| cx.users.get(&holder.id));
    users.try_for_each(|user| check_restricted_profiles(cx, user))
}
