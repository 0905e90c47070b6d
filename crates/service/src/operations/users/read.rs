//! Users described and listed.

use lanyard_model::resources::User;
use lanyard_wire::shapes::{DescribeUserRequest, DescribeUserResponse, ListUsersRequest, ListUsersResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;
use crate::operations::references::find;

/// The user, without the password.
pub(crate) fn describe_user(cx: &Read<'_>, input: &DescribeUserRequest) -> Result<DescribeUserResponse> {
    let user = find::<User>(cx, &input.user_id)?;
    Ok(DescribeUserResponse { user: Some(view::user(cx, &user)) })
}

/// The users, by identifier.
pub(crate) fn list_users(cx: &Read<'_>, input: &ListUsersRequest) -> Result<ListUsersResponse> {
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_table(cx, input, &cx.users, row)?;
    Ok(ListUsersResponse { user_summary_list: Some(rows), next_token })
}
