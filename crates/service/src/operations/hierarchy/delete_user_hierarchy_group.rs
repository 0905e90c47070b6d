//! DeleteUserHierarchyGroup.

use lanyard_model::Kind;
use lanyard_model::resources::HierarchyGroup;
use lanyard_wire::shapes::DeleteUserHierarchyGroupRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::in_use;
use crate::operations::references::find;

/// Deletes a group that has no groups below it, no users, and is not what a security profile restricts to.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteUserHierarchyGroupRequest) -> Result<()> {
    let group = find::<HierarchyGroup>(cx, &input.hierarchy_group_id)?;
    in_use::check(cx, Kind::HierarchyGroup, &group.id)?;
    cx.delete(Kind::HierarchyGroup, &group.id)
}
