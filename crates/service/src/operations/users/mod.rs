//! Users: the people of the contact centre, who hold security profiles.

mod channels;
mod checks;
pub(crate) mod create_user;
pub(crate) mod delete_user;
pub(crate) mod describe_user;
pub(crate) mod list_users;
mod search_filter;
pub(crate) mod search_users;
pub(crate) mod update_user_config;
pub(crate) mod update_user_hierarchy;
pub(crate) mod update_user_identity_info;
pub(crate) mod update_user_phone_config;
pub(crate) mod update_user_routing_profile;
pub(crate) mod update_user_security_profiles;
mod view;

use lanyard_model::resources::User;

pub(crate) use checks::check_restricted_profiles;

use crate::context::Write;
use crate::error::Result;

/// Changes the user that a member of the request names. The time and region of the last modification move.
fn update(cx: &mut Write<'_>, id: &str, change: impl FnOnce(&Write<'_>, &mut User) -> Result<()>) -> Result<()> {
    let mut user = User::clone(&*describe_user::find(cx, id)?);
    change(cx, &mut user)?;
    user.last_modified_time = cx.now;
    user.last_modified_region.clone_from(&cx.call.scope.region);
    cx.put(user)
}
