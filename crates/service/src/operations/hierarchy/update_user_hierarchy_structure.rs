//! UpdateUserHierarchyStructure.

use lanyard_model::resources::{HierarchyLevel, HierarchyStructure, MOST_LEVELS};
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{HierarchyLevelUpdate, HierarchyStructureUpdate, UpdateUserHierarchyStructureRequest};

use super::checks;
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::in_use;

/// The members of a structure, from the top.
const MEMBERS: [&str; MOST_LEVELS] = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"];

/// Makes the levels what is sent: a level that has another name is renamed, one that is not sent is removed, unless groups
/// are on it. An empty structure removes all levels; that is how Terraform deletes one.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserHierarchyStructureRequest) -> Result<()> {
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
