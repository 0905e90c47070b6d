//! SearchUserHierarchyGroups.

use lanyard_model::Kind;
use lanyard_model::resources::HierarchyGroup;
use lanyard_wire::shapes::{SearchUserHierarchyGroupsRequest, SearchUserHierarchyGroupsResponse, StringCondition};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::search;

/// The fields that can be searched (the API's reference).
const FIELDS: &[&str] = &["name", "parentId", "levelId", "resourceID"];

/// The groups that meet the criteria and whose tags pass the filter, with their paths.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &SearchUserHierarchyGroupsRequest,
) -> Result<SearchUserHierarchyGroupsResponse> {
    let found =
        search::by_fields(cx, input, FIELDS, &cx.hierarchy_groups, |condition, group| holds(cx, condition, group))?;
    Ok(SearchUserHierarchyGroupsResponse {
        user_hierarchy_groups: found.rows(|it| view::group(cx, it)),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}

/// Whether a condition on one of [`FIELDS`] holds. A group at the top has no parent, and meets no condition on it.
fn holds(cx: &Read<'_>, condition: &StringCondition, group: &HierarchyGroup) -> bool {
    match condition.field_name.as_deref() {
        Some("parentId") => group
            .parent()
            .filter(|id| cx.can_view(Kind::HierarchyGroup, id))
            .is_some_and(|id| search::string_holds(condition, &id.to_string())),
        Some("levelId") => search::string_holds(condition, &group.level().to_string()),
        Some("resourceID") => search::string_holds(condition, &group.id.to_string()),
        _ => search::string_holds(condition, &group.name),
    }
}
