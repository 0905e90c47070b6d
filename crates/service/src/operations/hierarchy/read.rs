//! The hierarchy described, and its groups listed and searched.

use lanyard_model::Kind;
use lanyard_model::resources::{HierarchyGroup, HierarchyStructure};
use lanyard_wire::shapes::{
    DescribeUserHierarchyGroupRequest, DescribeUserHierarchyGroupResponse, DescribeUserHierarchyStructureRequest,
    DescribeUserHierarchyStructureResponse, ListUserHierarchyGroupsRequest, ListUserHierarchyGroupsResponse,
    SearchUserHierarchyGroupsRequest, SearchUserHierarchyGroupsResponse, StringCondition,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::references::find;
use crate::operations::{pages, search};

/// The levels. An instance without any is answered without `HierarchyStructure`: Terraform takes an empty one for a
/// structure that is still there.
pub(crate) fn describe_user_hierarchy_structure(
    cx: &Read<'_>,
    _: &DescribeUserHierarchyStructureRequest,
) -> Result<DescribeUserHierarchyStructureResponse> {
    let structure = cx.hierarchy_structures.get(&HierarchyStructure::only());
    Ok(DescribeUserHierarchyStructureResponse { hierarchy_structure: structure.map(|it| view::structure(cx, it)) })
}

/// The group, and the path to it.
pub(crate) fn describe_user_hierarchy_group(
    cx: &Read<'_>,
    input: &DescribeUserHierarchyGroupRequest,
) -> Result<DescribeUserHierarchyGroupResponse> {
    let group = find::<HierarchyGroup>(cx, &input.hierarchy_group_id)?;
    Ok(DescribeUserHierarchyGroupResponse { hierarchy_group: Some(view::group(cx, &group)) })
}

/// The groups of all levels, in the order of their identifiers.
pub(crate) fn list_user_hierarchy_groups(
    cx: &Read<'_>,
    input: &ListUserHierarchyGroupsRequest,
) -> Result<ListUserHierarchyGroupsResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.hierarchy_groups, |it| view::summary(cx, it))?;
    Ok(ListUserHierarchyGroupsResponse { user_hierarchy_group_summary_list: Some(rows), next_token })
}

/// The fields that can be searched (the API's reference).
const FIELDS: &[&str] = &["name", "parentId", "levelId", "resourceID"];

/// The groups that meet the criteria and whose tags pass the filter, with their paths.
pub(crate) fn search_user_hierarchy_groups(
    cx: &Read<'_>,
    input: &SearchUserHierarchyGroupsRequest,
) -> Result<SearchUserHierarchyGroupsResponse> {
    let page = search::by_fields(cx, input, FIELDS, &cx.hierarchy_groups, |condition, group| {
        field_holds(cx, condition, group)
    })?;
    Ok(SearchUserHierarchyGroupsResponse {
        user_hierarchy_groups: page.rows(|it| view::group(cx, it)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}

/// Whether a condition on one of [`FIELDS`] holds. A group at the top has no parent, and meets no condition on it.
fn field_holds(cx: &Read<'_>, condition: &StringCondition, group: &HierarchyGroup) -> bool {
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
