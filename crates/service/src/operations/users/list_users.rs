//! ListUsers.

use lanyard_wire::shapes::{ListUsersRequest, ListUsersResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;

/// The users, by identifier.
pub(crate) fn run(cx: &Read<'_>, input: &ListUsersRequest) -> Result<ListUsersResponse> {
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_table(cx, input, &cx.users, row)?;
    Ok(ListUsersResponse { user_summary_list: Some(rows), next_token })
}
