//! ListUserHierarchyGroups.

use lanyard_wire::shapes::{ListUserHierarchyGroupsRequest, ListUserHierarchyGroupsResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;

/// The groups of all levels, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListUserHierarchyGroupsRequest) -> Result<ListUserHierarchyGroupsResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.hierarchy_groups, |it| view::summary(cx, it))?;
    Ok(ListUserHierarchyGroupsResponse { user_hierarchy_group_summary_list: Some(rows), next_token })
}
