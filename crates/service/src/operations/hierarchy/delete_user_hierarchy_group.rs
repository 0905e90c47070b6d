//! DeleteUserHierarchyGroup.

use lanyard_model::Kind;
use lanyard_wire::shapes::DeleteUserHierarchyGroupRequest;

use super::describe_user_hierarchy_group::find;
use crate::context::Write;
use crate::error::Result;
use crate::operations::in_use;

/// Deletes a group that has no groups below it, no users, and is not what a security profile restricts to.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteUserHierarchyGroupRequest) -> Result<()> {
    let group = find(cx, &input.hierarchy_group_id)?;
    in_use::check(cx, Kind::HierarchyGroup, &group.id)?;
    cx.delete(Kind::HierarchyGroup, &group.id)
}
