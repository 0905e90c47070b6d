//! DescribeUser.

use lanyard_model::resources::User;
use lanyard_wire::shapes::{DescribeUserRequest, DescribeUserResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;

/// The user, without the password.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeUserRequest) -> Result<DescribeUserResponse> {
    let user = find::<User>(cx, &input.user_id)?;
    Ok(DescribeUserResponse { user: Some(view::user(cx, &user)) })
}
