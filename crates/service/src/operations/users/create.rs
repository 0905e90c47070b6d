//! Users created.

use lanyard_model::resources::{ChannelConfigs, User};
use lanyard_model::{Id, Key, Kind};
use lanyard_store::Secret;
use lanyard_wire::Output;
use lanyard_wire::shapes::{CreateUserRequest, CreateUserResponse};

use super::channels::{Lists, lists};
use super::checks;
use crate::context::{Call, InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::part;
use crate::operations::references::existing;
use crate::secrets::password_secret;
use crate::service::{Reply, Service, Unparsed, instance_id};

/// Makes a user. The name is unique in the instance, regardless of case.
///
/// The password is hashed before the write is queued. Whether there has to be one depends on the instance's identity
/// management, which never changes, and so is checked before that.
pub(crate) async fn create_user(service: &Service, call: &Call, input: CreateUserRequest) -> Result<Reply> {
    let id = instance_id(&call.scope, &input.instance_id)?;
    let directory = service.instance(call, &id).await?.writer.read();
    let instance = directory.instances.values().next().ok_or_else(|| Error::not_found(Kind::Instance.noun(), &id))?;
    checks::check_password(instance, &input)?;
    let hash = match &input.password {
        Some(password) => {
            let salt = service.node.environment.random().map_err(|error| Error::internal(error.to_string()))?;
            Some(service.passwords.hash(Secret::new(password.clone().into_bytes()), salt).await?)
        }
        None => None,
    };
    service.write_in(call, &id, move |cx| make_user(cx, &input, hash.as_ref())).await
}

/// Makes a user whose password, if any, is hashed.
pub(crate) fn make_user(
    cx: &mut Write<'_>,
    input: &CreateUserRequest,
    hash: Option<&Secret>,
) -> Result<CreateUserResponse> {
    let username = &input.username;
    if cx.find_name(Kind::User, username).is_some() {
        return Err(Error::duplicate(format!(
            "there is a user named `{username}` in this instance already; names that differ only in case are the same"
        )));
    }
    cx.check_quota(Kind::User)?;
    let instance = cx.instance()?;
    checks::check_directory_user_id(&instance, input.directory_user_id.as_ref())?;
    checks::check_phone_conflicts(input)?;
    let mut channel_configs = ChannelConfigs::default();
    lists!(input).apply(&mut channel_configs)?;
    let user = User {
        id: cx.new_id(),
        username: username.clone(),
        identity_info: checks::identity_info(&instance, input.identity_info.as_ref())?,
        phone_config: input.phone_config.as_ref().map(checks::phone_config).transpose()?,
        channel_configs,
        directory_user_id: input.directory_user_id.clone(),
        security_profile_ids: checks::security_profiles(cx, &input.security_profile_ids)?,
        routing_profile_id: existing(cx, Kind::RoutingProfile, &input.routing_profile_id)?,
        hierarchy_group_id: checks::hierarchy_group(cx, input.hierarchy_group_id.as_deref())?,
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    checks::check_restricted_profiles(cx, &user)?;
    let id = user.id.clone();
    cx.put(user)?;
    if let Some(hash) = hash {
        cx.set_secret(password_secret(&id), Some(hash.clone()));
    }
    Ok(CreateUserResponse {
        user_arn: Some(cx.arn(&Key { kind: Kind::User, id: id.clone() })),
        user_id: Some(id.to_string()),
    })
}

/// Makes a user as part of a change-set, with the password's hash, which was made beforehand.
pub(crate) fn create_user_in_change_set(
    cx: &mut Write<'_>,
    instance: &Id,
    request: &Unparsed<'_>,
    password: Option<&Secret>,
) -> Result<Vec<u8>> {
    let input = request.parse::<CreateUserRequest>()?;
    part::check_instance(cx.call, instance, &input.instance_id)?;
    checks::check_password(&*cx.instance()?, &input)?;
    Ok(make_user(cx, &input, password)?.to_body())
}
