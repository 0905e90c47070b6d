//! SearchUserHierarchyGroups.

use lanyard_model::Kind;
use lanyard_model::resources::HierarchyGroup;
use lanyard_wire::shapes::{
    SearchUserHierarchyGroupsRequest, SearchUserHierarchyGroupsResponse, StringCondition,
    UserHierarchyGroupSearchCriteria,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The fields that can be searched (the API's reference).
const FIELDS: &[&str] = &["name", "parentId", "levelId", "resourceID"];

search::criteria!(UserHierarchyGroupSearchCriteria);

/// The groups that meet the criteria and whose tags pass the filter, with their paths.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &SearchUserHierarchyGroupsRequest,
) -> Result<SearchUserHierarchyGroupsResponse> {
    search::check(input.search_criteria.as_ref(), FIELDS)?;
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let asked = Asked {
        instance: &input.instance_id,
        query: &query,
        is_everything: input.search_criteria.is_none() && input.search_filter.is_none(),
        token: input.next_token.as_deref(),
        max_results: input.max_results,
        most: MOST,
    };
    let attribute_filter = input.search_filter.as_ref().and_then(|filter| filter.attribute_filter.as_ref());
    let tag_filter = attribute_filter.map(search::tag_filter);
    search::checked(tag_filter.as_ref())?;
    let matches = |group: &HierarchyGroup| {
        search::meets(input.search_criteria.as_ref(), &|condition| holds(cx, condition, group))
            && tag_filter.as_ref().is_none_or(|filter| search::tags_pass(filter, &group.tags))
    };
    let found = search::page(cx, &asked, &cx.hierarchy_groups, matches)?;
    Ok(SearchUserHierarchyGroupsResponse {
        user_hierarchy_groups: Some(found.page.into_iter().map(|it| view::group(cx, it)).collect()),
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
