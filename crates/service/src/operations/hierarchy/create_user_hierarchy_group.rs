//! CreateUserHierarchyGroup.

use lanyard_model::resources::{HierarchyGroup, HierarchyStructure};
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{CreateUserHierarchyGroupRequest, CreateUserHierarchyGroupResponse};

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::references::find;

/// Makes a group on the level below its parent's, or at the top without one.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &CreateUserHierarchyGroupRequest,
) -> Result<CreateUserHierarchyGroupResponse> {
    checks::name("Name", &input.name, checks::LONGEST_GROUP_NAME)?;
    let parent = input.parent_group_id.as_ref().map(|id| find::<HierarchyGroup>(cx, id)).transpose()?;
    let group = HierarchyGroup {
        id: cx.new_id(),
        name: input.name.clone(),
        ancestors: parent.map(|it| it.ancestors.iter().chain([&it.id]).cloned().collect()).unwrap_or_default(),
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    level_exists(cx, &group)?;
    checks::name_is_free(cx, &group)?;
    cx.config.quotas.check(cx, Kind::HierarchyGroup)?;
    let id = group.id.clone();
    cx.put(group)?;
    Ok(CreateUserHierarchyGroupResponse {
        hierarchy_group_arn: Some(cx.arn(&Key { kind: Kind::HierarchyGroup, id: id.clone() })),
        hierarchy_group_id: Some(id.to_string()),
    })
}

fn level_exists(cx: &Write<'_>, group: &HierarchyGroup) -> Result<()> {
    let levels = cx.hierarchy_structures.get(&HierarchyStructure::only()).map_or(0, |it| it.levels.len());
    if group.level() <= levels {
        return Ok(());
    }
    Err(Error::invalid_request(format!(
        "the group would be on level {} of a hierarchy that has {levels}; add the level with UpdateUserHierarchyStructure",
        group.level()
    )))
}
