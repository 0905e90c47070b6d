//! UpdateUserHierarchyGroupName.

use lanyard_model::resources::HierarchyGroup;
use lanyard_wire::shapes::UpdateUserHierarchyGroupNameRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Renames a group. Its place, users and tags stay.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserHierarchyGroupNameRequest) -> Result<()> {
    checks::name("Name", &input.name, checks::LONGEST_GROUP_NAME)?;
    update(cx, &input.hierarchy_group_id, |cx, group: &mut HierarchyGroup| {
        group.name.clone_from(&input.name);
        checks::name_is_free(cx, group)
    })
}
