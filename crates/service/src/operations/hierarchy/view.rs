//! The hierarchy in the shapes of the API.

use lanyard_model::resources;
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes;

use crate::context::{InstanceState, Read};
use crate::operations::members::{non_empty, timestamp};

/// The answer to DescribeUserHierarchyGroup, and a row of SearchUserHierarchyGroups.
pub(super) fn group(cx: &Read<'_>, it: &resources::HierarchyGroup) -> shapes::HierarchyGroup {
    shapes::HierarchyGroup {
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, it)),
        name: Some(it.name.clone()),
        level_id: Some(it.level().to_string()),
        hierarchy_path: Some(path(cx, it)),
        tags: non_empty(&it.tags),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// The groups from the top down to this one, itself the last. A level whose group the caller may not know of is left out.
fn path(cx: &Read<'_>, it: &resources::HierarchyGroup) -> shapes::HierarchyPath {
    let visible = |id: &Id| cx.hierarchy_groups.get(id).filter(|_| cx.can_view(Kind::HierarchyGroup, id));
    let above = it.ancestors.iter().map(|id| visible(id).map(|group| summary(cx, group)));
    let mut levels = above.chain([Some(summary(cx, it))]);
    shapes::HierarchyPath {
        level_one: levels.next().flatten(),
        level_two: levels.next().flatten(),
        level_three: levels.next().flatten(),
        level_four: levels.next().flatten(),
        level_five: levels.next().flatten(),
    }
}

/// A row of ListUserHierarchyGroups, and a step of a path.
pub(super) fn summary(cx: &Read<'_>, it: &resources::HierarchyGroup) -> shapes::HierarchyGroupSummary {
    shapes::HierarchyGroupSummary {
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, it)),
        name: Some(it.name.clone()),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// The answer to DescribeUserHierarchyStructure. The identifier of a level is its number.
pub(super) fn structure(cx: &Read<'_>, it: &resources::HierarchyStructure) -> shapes::HierarchyStructure {
    let instance_arn = cx.call.scope.instance_arn(&cx.instance_id());
    let mut levels = it.levels.iter().zip(1_u8..).map(|(level, number)| shapes::HierarchyLevel {
        id: Some(number.to_string()),
        arn: Some(format!("{instance_arn}/agent-group-level/{number}")),
        name: Some(level.name.clone()),
        last_modified_time: Some(timestamp(level.last_modified_time)),
        last_modified_region: Some(level.last_modified_region.clone()),
    });
    shapes::HierarchyStructure {
        level_one: levels.next(),
        level_two: levels.next(),
        level_three: levels.next(),
        level_four: levels.next(),
        level_five: levels.next(),
    }
}

fn arn(cx: &Read<'_>, it: &resources::HierarchyGroup) -> String {
    cx.arn(&Key { kind: Kind::HierarchyGroup, id: it.id.clone() })
}
