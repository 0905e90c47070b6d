//! Changes of the structure, and of groups.

use lanyard_model::resources::{HierarchyGroup, HierarchyLevel, HierarchyStructure, MOST_LEVELS};
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{
    CreateUserHierarchyGroupRequest, CreateUserHierarchyGroupResponse, DeleteUserHierarchyGroupRequest,
    HierarchyLevelUpdate, HierarchyStructureUpdate, UpdateUserHierarchyGroupNameRequest,
    UpdateUserHierarchyStructureRequest,
};

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::in_use;
use crate::operations::modified::update;
use crate::operations::references::find;

/// The members of a structure, from the top.
const MEMBERS: [&str; MOST_LEVELS] = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"];

/// Replaces the levels by those that are sent: a level that has another name is renamed, one that is not sent is
/// removed, unless groups are on it. An empty structure removes all levels; that is how Terraform deletes one.
pub(crate) fn update_user_hierarchy_structure(
    cx: &mut Write<'_>,
    input: &UpdateUserHierarchyStructureRequest,
) -> Result<()> {
    let names = names(&input.hierarchy_structure)?;
    if let Some(group) = cx.hierarchy_groups.values().find(|group| group.level() > names.len()) {
        let by = Key { kind: Kind::HierarchyGroup, id: group.id.clone() };
        return Err(in_use::error(cx, &format!("level {} of the hierarchy", group.level()), &by));
    }
    let before = cx.hierarchy_structures.get(&HierarchyStructure::only()).cloned().unwrap_or_default();
    let level = |(name, before): (&String, Option<&HierarchyLevel>)| match before {
        Some(before) if before.name == *name => before.clone(),
        _ => HierarchyLevel {
            name: name.clone(),
            last_modified_time: cx.now,
            last_modified_region: cx.call.scope.region.clone(),
        },
    };
    let there = before.levels.iter().map(Some).chain(std::iter::repeat(None));
    let levels: Vec<HierarchyLevel> = names.into_iter().zip(there).map(level).collect();
    match (levels.is_empty(), before.levels.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => cx.delete(Kind::HierarchyStructure, &HierarchyStructure::only()),
        (false, _) => cx.put(HierarchyStructure { levels }),
    }
}

/// The names of the levels that are sent, from the top and without a gap.
fn names(sent: &HierarchyStructureUpdate) -> Result<Vec<&String>> {
    let levels: [&Option<HierarchyLevelUpdate>; MOST_LEVELS] =
        [&sent.level_one, &sent.level_two, &sent.level_three, &sent.level_four, &sent.level_five];
    let mut names = Vec::with_capacity(MOST_LEVELS);
    let mut absent = None;
    for (member, level) in MEMBERS.iter().zip(levels) {
        match (level, absent) {
            (None, _) => absent = absent.or(Some(member)),
            (Some(level), None) => {
                checks::name(&format!("HierarchyStructure.{member}.Name"), &level.name, checks::LONGEST_LEVEL_NAME)?;
                names.push(&level.name);
            }
            (Some(_), Some(absent)) => {
                return Err(Error::invalid_parameter(format!(
                    "member `HierarchyStructure.{member}` is there without `{absent}`; levels follow each other without a gap"
                )));
            }
        }
    }
    Ok(names)
}

/// Makes a group on the level below its parent's, or at the top without one.
pub(crate) fn create_user_hierarchy_group(
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
    cx.check_quota(Kind::HierarchyGroup)?;
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

/// Renames a group. Its place, users and tags stay.
pub(crate) fn update_user_hierarchy_group_name(
    cx: &mut Write<'_>,
    input: &UpdateUserHierarchyGroupNameRequest,
) -> Result<()> {
    checks::name("Name", &input.name, checks::LONGEST_GROUP_NAME)?;
    update(cx, &input.hierarchy_group_id, |cx, group: &mut HierarchyGroup| {
        group.name.clone_from(&input.name);
        checks::name_is_free(cx, group)
    })
}

/// Deletes a group that has no groups below it and no users, and that no security profile restricts to.
pub(crate) fn delete_user_hierarchy_group(cx: &mut Write<'_>, input: &DeleteUserHierarchyGroupRequest) -> Result<()> {
    let group = find::<HierarchyGroup>(cx, &input.hierarchy_group_id)?;
    in_use::check(cx, Kind::HierarchyGroup, &group.id)?;
    cx.delete(Kind::HierarchyGroup, &group.id)
}
