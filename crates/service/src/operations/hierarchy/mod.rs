//! The agent hierarchy: its levels, and the groups on them.
//!
//! Invariants: a group is on the level below its parent's, and the structure has that level. Levels are identified by
//! their numbers, so that a group's depth determines its level.

mod checks;
mod read;
mod view;
mod write;

pub(crate) use read::{
    describe_user_hierarchy_group, describe_user_hierarchy_structure, list_user_hierarchy_groups,
    search_user_hierarchy_groups,
};
pub(crate) use write::{
    create_user_hierarchy_group, delete_user_hierarchy_group, update_user_hierarchy_group_name,
    update_user_hierarchy_structure,
};
