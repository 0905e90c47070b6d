//! Checks of the operations on users, beyond the constraints of the API model.

use lanyard_model::resources::{IdentityInfo, Instance, MOST_RESTRICTED_PROFILES, PhoneConfig, User};
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{CreateUserRequest, UserIdentityInfo, UserPhoneConfig};

use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::references::existing;

/// The longest time for work after a contact, in seconds (24 days).
const MOST_AFTER_CONTACT_WORK: i32 = 2_000_000;

/// The profiles that a user is to hold, each once, at its first place. All exist.
pub(super) fn security_profiles(cx: &impl InstanceState, names: &[String]) -> Result<Vec<Id>> {
    let mut held = Vec::with_capacity(names.len());
    for name in names {
        let id = existing(cx, Kind::SecurityProfile, name)?;
        if !held.contains(&id) {
            held.push(id);
        }
    }
    Ok(held)
}

/// The hierarchy group, which exists; none when it is absent or empty.
pub(super) fn hierarchy_group(cx: &impl InstanceState, name: Option<&str>) -> Result<Option<Id>> {
    let name = name.filter(|name| !name.is_empty());
    name.map(|name| existing(cx, Kind::HierarchyGroup, name)).transpose()
}

/// Refuses a user whose profiles, as the directory has them, restrict by tag or hierarchy more often than one user may
/// hold. That an update of a profile is refused too when it would bring a holder over the limit is our choice
/// (`docs/evidence`, W10).
pub(crate) fn check_restricted_profiles(cx: &Write<'_>, user: &User) -> Result<()> {
    let is_restricted = |id: &&Id| cx.security_profiles.get(*id).is_some_and(|profile| profile.is_restricted());
    let restricted = user.security_profile_ids.iter().filter(is_restricted).count();
    if restricted <= MOST_RESTRICTED_PROFILES {
        return Ok(());
    }
    if cx.users.contains_key(&user.id) && !cx.can_view(Kind::User, &user.id) {
        return Err(Error::invalid_request(format!(
            "a user would hold more than {MOST_RESTRICTED_PROFILES} security profiles with tag or hierarchy restrictions"
        )));
    }
    // The number is not in the message: some of the profiles may be hidden from the caller.
    Err(Error::invalid_request(format!(
        "the user `{}` (`{}`) would hold more than {MOST_RESTRICTED_PROFILES} security profiles with tag or hierarchy \
         restrictions",
        user.username, user.id
    )))
}

/// A password is given exactly where the instance manages its users itself.
pub(super) fn check_password(instance: &Instance, input: &CreateUserRequest) -> Result<()> {
    match (instance.identity_management_type.as_str(), &input.password) {
        ("CONNECT_MANAGED", None) => Err(Error::invalid_parameter(
            "member `Password` is required, since the instance's identity management type is CONNECT_MANAGED",
        )),
        ("CONNECT_MANAGED", Some(_)) | (_, None) => Ok(()),
        (other, Some(_)) => Err(Error::invalid_parameter(format!(
            "member `Password` is not allowed, since the instance's identity management type is {other}"
        ))),
    }
}

/// Refuses the identifier of a directory where the instance uses single sign-on.
pub(super) fn check_directory_user_id(instance: &Instance, id: Option<&String>) -> Result<()> {
    if id.is_some() && instance.identity_management_type == "SAML" {
        return Err(Error::invalid_parameter(
            "member `DirectoryUserId` is not allowed, since the instance's identity management type is SAML",
        ));
    }
    Ok(())
}

/// The name and addresses as they are stored; empty ones are absent. Where they are given at all, the names are among
/// them.
pub(super) fn identity_info(instance: &Instance, info: Option<&UserIdentityInfo>) -> Result<Option<IdentityInfo>> {
    let text = |member: Option<&String>| member.filter(|text| !text.is_empty()).cloned();
    let Some(info) = info else { return Ok(None) };
    let stored = IdentityInfo {
        first_name: text(info.first_name.as_ref()),
        last_name: text(info.last_name.as_ref()),
        email: text(info.email.as_ref()),
        secondary_email: text(info.secondary_email.as_ref()),
        mobile: text(info.mobile.as_ref()),
    };
    let management = instance.identity_management_type.as_str();
    if management == "EXISTING_DIRECTORY" {
        return Ok(Some(stored));
    }
    let required = |member, value: Option<&String>| match value {
        Some(_) => Ok(()),
        None => Err(Error::invalid_parameter(format!(
            "member `IdentityInfo.{member}` is required, since the instance's identity management type is {management}"
        ))),
    };
    required("FirstName", stored.first_name.as_ref())?;
    required("LastName", stored.last_name.as_ref())?;
    if management == "SAML" && stored.email.is_some() {
        return Err(Error::invalid_parameter(
            "member `IdentityInfo.Email` is not allowed, since the instance's identity management type is SAML",
        ));
    }
    Ok(Some(stored))
}

/// The telephone's settings as they are stored.
pub(super) fn phone_config(config: &UserPhoneConfig) -> Result<PhoneConfig> {
    after_contact_work("PhoneConfig", config.after_contact_work_time_limit)?;
    Ok(PhoneConfig {
        phone_type: config.phone_type.as_ref().map(|it| it.as_str().to_owned()),
        auto_accept: config.auto_accept,
        after_contact_work_time_limit: config.after_contact_work_time_limit,
        desk_phone_number: config.desk_phone_number.clone(),
        persistent_connection: config.persistent_connection,
    })
}

/// Refuses a time for work after a contact that is longer than the longest.
pub(super) fn after_contact_work(member: &str, seconds: Option<i32>) -> Result<()> {
    match seconds {
        Some(seconds) if seconds > MOST_AFTER_CONTACT_WORK => Err(Error::invalid_parameter(format!(
            "member `{member}.AfterContactWorkTimeLimit` has value {seconds}, at most {MOST_AFTER_CONTACT_WORK} seconds \
             are allowed"
        ))),
        _ => Ok(()),
    }
}

/// Refuses a setting that is given both for the telephone and by channel.
pub(super) fn check_phone_conflicts(input: &CreateUserRequest) -> Result<()> {
    let Some(phone) = &input.phone_config else { return Ok(()) };
    let conflicts = [
        ("AutoAccept", phone.auto_accept.is_some(), "AutoAcceptConfigs", is_given(input.auto_accept_configs.as_ref())),
        (
            "AfterContactWorkTimeLimit",
            phone.after_contact_work_time_limit.is_some(),
            "AfterContactWorkConfigs",
            is_given(input.after_contact_work_configs.as_ref()),
        ),
        (
            "PhoneType` or `PhoneConfig.DeskPhoneNumber",
            phone.phone_type.is_some() || phone.desk_phone_number.is_some(),
            "PhoneNumberConfigs",
            is_given(input.phone_number_configs.as_ref()),
        ),
        (
            "PersistentConnection",
            phone.persistent_connection.is_some(),
            "PersistentConnectionConfigs",
            is_given(input.persistent_connection_configs.as_ref()),
        ),
    ];
    match conflicts.iter().find(|(_, phone, _, channels)| *phone && *channels) {
        Some((member, _, list, _)) => Err(Error::invalid_parameter(format!(
            "member `PhoneConfig.{member}` cannot be given together with `{list}`; give one of them"
        ))),
        None => Ok(()),
    }
}

fn is_given<T>(list: Option<&Vec<T>>) -> bool {
    list.is_some_and(|list| !list.is_empty())
}
