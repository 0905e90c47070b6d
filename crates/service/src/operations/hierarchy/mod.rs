//! The agent hierarchy: its levels, and the groups on them.
//!
//! What always holds: a group is on the level below its parent's, and the structure has that level. Levels are known by
//! their numbers, so that a group's depth says which is its.

mod checks;
pub(crate) mod create_user_hierarchy_group;
pub(crate) mod delete_user_hierarchy_group;
pub(crate) mod describe_user_hierarchy_group;
pub(crate) mod describe_user_hierarchy_structure;
pub(crate) mod list_user_hierarchy_groups;
pub(crate) mod search_user_hierarchy_groups;
pub(crate) mod update_user_hierarchy_group_name;
pub(crate) mod update_user_hierarchy_structure;
mod view;
