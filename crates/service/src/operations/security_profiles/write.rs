//! Security profiles created, updated and deleted.

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes::{
    CreateSecurityProfileRequest, CreateSecurityProfileResponse, DeleteSecurityProfileRequest,
    UpdateSecurityProfileRequest,
};

use super::checks::{Members, members};
use crate::context::{InstanceState, Write};
use crate::error::Result;
use crate::operations::references::find;
use crate::operations::users::check_restricted_profiles;
use crate::operations::{in_use, modified, names};

/// Makes a profile. Its name is unique in the instance; names that differ only in case are different names.
pub(crate) fn create_security_profile(
    cx: &mut Write<'_>,
    input: &CreateSecurityProfileRequest,
) -> Result<CreateSecurityProfileResponse> {
    let name = &input.security_profile_name;
    names::check_free(cx, Kind::SecurityProfile, name, None)?;
    cx.check_quota(Kind::SecurityProfile)?;
    let mut profile = SecurityProfile::named(cx.new_id(), name, cx.now, &cx.call.scope.region);
    profile.tags = input.tags.clone().unwrap_or_default();
    members!(input).apply(cx, &mut profile)?;
    let id = profile.id.clone();
    cx.put(profile)?;
    Ok(CreateSecurityProfileResponse {
        security_profile_arn: Some(cx.arn(&Key { kind: Kind::SecurityProfile, id: id.clone() })),
        security_profile_id: Some(id.to_string()),
    })
}

/// Replaces the members that are sent and leaves the others as they were; an empty member clears
/// (`docs/evidence`, W1 to W8). The name and the resource tags have no member here and stay.
///
/// The time and region of the last modification move even when no member is sent.
pub(crate) fn update_security_profile(cx: &mut Write<'_>, input: &UpdateSecurityProfileRequest) -> Result<()> {
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

/// Deletes a profile that no one holds. The built-in ones are not protected.
pub(crate) fn delete_security_profile(cx: &mut Write<'_>, input: &DeleteSecurityProfileRequest) -> Result<()> {
    let id = find::<SecurityProfile>(cx, &input.security_profile_id)?.id.clone();
    in_use::check(cx, Kind::SecurityProfile, &id)?;
    cx.delete(Kind::SecurityProfile, &id)
}
