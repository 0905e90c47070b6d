//! ListUsers.

use lanyard_wire::shapes::{ListUsersRequest, ListUsersResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The users, by identifier.
pub(crate) fn run(cx: &Read<'_>, input: &ListUsersRequest) -> Result<ListUsersResponse> {
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, b"", token, input.max_results, MOST)?;
    let (page, next_token) = pages.cut(pages.rest(&cx.users), |(id, _)| id.to_string());
    let instance = cx.instance_id();
    let summaries = page.into_iter().map(|(_, user)| view::summary(&cx.call.scope, &instance, user)).collect();
    Ok(ListUsersResponse { user_summary_list: Some(summaries), next_token })
}
