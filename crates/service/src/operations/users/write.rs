//! Users updated and deleted.

use lanyard_model::resources::User;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{
    DeleteUserRequest, UpdateUserConfigRequest, UpdateUserHierarchyRequest, UpdateUserIdentityInfoRequest,
    UpdateUserPhoneConfigRequest, UpdateUserRoutingProfileRequest, UpdateUserSecurityProfilesRequest,
};

use super::channels::{Lists, lists};
use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::Result;
use crate::operations::modified::update;
use crate::operations::references::{existing, find};
use crate::secrets::password_secret;

/// Replaces a user's name and addresses: members that are not sent are cleared.
pub(crate) fn update_user_identity_info(cx: &mut Write<'_>, input: &UpdateUserIdentityInfoRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.identity_info = checks::identity_info(&*cx.instance()?, Some(&input.identity_info))?;
        Ok(())
    })
}

/// Replaces the security profiles that a user holds.
pub(crate) fn update_user_security_profiles(
    cx: &mut Write<'_>,
    input: &UpdateUserSecurityProfilesRequest,
) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.security_profile_ids = checks::security_profiles(cx, &input.security_profile_ids)?;
        checks::check_restricted_profiles(cx, user)
    })
}

/// Gives a user another routing profile.
pub(crate) fn update_user_routing_profile(cx: &mut Write<'_>, input: &UpdateUserRoutingProfileRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.routing_profile_id = existing(cx, Kind::RoutingProfile, &input.routing_profile_id)?;
        Ok(())
    })
}

/// Moves a user to a hierarchy group; without one, or with an empty one, out of the hierarchy.
pub(crate) fn update_user_hierarchy(cx: &mut Write<'_>, input: &UpdateUserHierarchyRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.hierarchy_group_id = checks::hierarchy_group(cx, input.hierarchy_group_id.as_deref())?;
        Ok(())
    })
}

/// Replaces the settings of a user's telephone: members that are not sent are cleared. Settings by channel stay.
pub(crate) fn update_user_phone_config(cx: &mut Write<'_>, input: &UpdateUserPhoneConfigRequest) -> Result<()> {
    update(cx, &input.user_id, |_, user: &mut User| {
        user.phone_config = Some(checks::phone_config(&input.phone_config)?);
        Ok(())
    })
}

/// Replaces the lists of settings by channel that are sent and leaves the others as they were; an empty list clears.
pub(crate) fn update_user_config(cx: &mut Write<'_>, input: &UpdateUserConfigRequest) -> Result<()> {
    update(cx, &input.user_id, |_, user: &mut User| lists!(input).apply(&mut user.channel_configs))
}

/// Deletes a user, and the password. Quick connects that lead to the user stay.
pub(crate) fn delete_user(cx: &mut Write<'_>, input: &DeleteUserRequest) -> Result<()> {
    let id: Id = find::<User>(cx, &input.user_id)?.id.clone();
    cx.delete(Kind::User, &id)?;
    cx.set_secret(password_secret(&id), None);
    Ok(())
}
