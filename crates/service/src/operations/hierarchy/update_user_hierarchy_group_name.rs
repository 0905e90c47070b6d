//! UpdateUserHierarchyGroupName.

use lanyard_model::resources::HierarchyGroup;
use lanyard_wire::shapes::UpdateUserHierarchyGroupNameRequest;

use super::checks;
use super::describe_user_hierarchy_group::find;
use crate::context::Write;
use crate::error::Result;

/// Renames a group. Its place, users and tags stay.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserHierarchyGroupNameRequest) -> Result<()> {
    checks::name("Name", &input.name, checks::LONGEST_GROUP_NAME)?;
    let group = HierarchyGroup {
        name: input.name.clone(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
        ..HierarchyGroup::clone(&*find(cx, &input.hierarchy_group_id)?)
    };
    checks::name_is_free(cx, &group)?;
    cx.put(group)
}
