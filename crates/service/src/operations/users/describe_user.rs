//! DescribeUser.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::User;
use lanyard_wire::shapes::{DescribeUserRequest, DescribeUserResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::ids;

/// The user, without the password.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeUserRequest) -> Result<DescribeUserResponse> {
    let user = find(cx, &input.user_id)?;
    Ok(DescribeUserResponse { user: Some(view::user(cx, &user)) })
}

/// The user that a member of the request names.
pub(super) fn find(cx: &impl InstanceState, id: &str) -> Result<Arc<User>> {
    let found = cx.users.get(&ids::id(cx, Kind::User, id));
    let seen = found.filter(|it| cx.can_view(Kind::User, &it.id));
    seen.cloned().ok_or_else(|| Error::not_found(Kind::User.noun(), id))
}
