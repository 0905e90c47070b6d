//! Checks that several operations of the hierarchy share, beyond the constraints of the API model.

use lanyard_model::Directory;
use lanyard_model::resources::HierarchyGroup;

use crate::error::{Error, Result};

/// How long a group's name may be, in characters.
pub(super) const LONGEST_GROUP_NAME: usize = 100;

/// How long a level's name may be, in characters.
pub(super) const LONGEST_LEVEL_NAME: usize = 50;

/// Refuses a name that is empty, or longer than the API's reference allows.
pub(super) fn name(member: &str, name: &str, longest: usize) -> Result<()> {
    let length = name.chars().count();
    if (1..=longest).contains(&length) {
        return Ok(());
    }
    Err(Error::invalid_parameter(format!("member `{member}` has length {length}, must be 1 to {longest} characters")))
}

/// Refuses a group that has the name of another with the same parent. Names that differ only in case are different.
pub(super) fn name_is_free(directory: &Directory, group: &HierarchyGroup) -> Result<()> {
    let mut others = directory.hierarchy_groups.values().filter(|other| other.id != group.id);
    if !others.any(|other| other.name == group.name && other.parent() == group.parent()) {
        return Ok(());
    }
    let place = match group.parent() {
        Some(parent) => format!("below the group `{parent}`"),
        None => "at the top level".to_owned(),
    };
    Err(Error::duplicate(format!("there is a hierarchy group named `{}` {place} already", group.name)))
}
