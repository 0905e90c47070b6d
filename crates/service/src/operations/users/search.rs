//! Users searched.

use lanyard_model::resources::User;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{SearchUsersRequest, SearchUsersResponse, StringCondition, UserSearchCriteria};

use super::{search_filter, view};
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::search;

/// The fields that can be searched. The last has been documented in both spellings.
const FIELDS: &[&str] =
    &["Username", "FirstName", "LastName", "RoutingProfileId", "SecurityProfileId", "ResourceId", "resourceId"];

/// The fields of a proficiency.
const PROFICIENCY_FIELDS: &[&str] = &["name", "value"];

/// The users who meet the criteria and pass the filter, by identifier.
pub(crate) fn search_users(cx: &Read<'_>, input: &SearchUsersRequest) -> Result<SearchUsersResponse> {
    if let Some(criteria) = &input.search_criteria {
        search::each(criteria, &check)?;
    }
    if let Some(filter) = &input.search_filter {
        search_filter::check(filter)?;
    }
    let page = search::page(cx, input, &cx.users, |user| {
        input.search_criteria.as_ref().is_none_or(|tree| search::holds(tree, &|node| node_holds(cx, node, user)))
            && input.search_filter.as_ref().is_none_or(|filter| search_filter::passes(cx, filter, user))
    })?;
    Ok(SearchUsersResponse {
        users: page.rows(|user| view::search_row(cx, user)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}

/// Refuses a node with a condition that is not complete.
fn check(node: &UserSearchCriteria) -> Result<()> {
    if let Some(condition) = &node.string_condition {
        search::check_string(condition, FIELDS)?;
    }
    if let Some(condition) = &node.hierarchy_group_condition {
        search_filter::check_group(condition)?;
    }
    let Some(list) = &node.list_condition else { return Ok(()) };
    if list.target_list_type.is_none() {
        return Err(Error::invalid_parameter("member `ListCondition.TargetListType` is required"));
    }
    let conditions = list.conditions.iter().flatten();
    conditions
        .filter_map(|one| one.string_condition.as_ref())
        .try_for_each(|condition| search::check_string(condition, PROFICIENCY_FIELDS))
}

/// Whether a node holds for a user, its children aside. Proficiencies are not served: no user has any.
fn node_holds(cx: &Read<'_>, node: &UserSearchCriteria, user: &User) -> bool {
    node.string_condition.as_ref().is_none_or(|condition| field_holds(cx, condition, user))
        && node.hierarchy_group_condition.as_ref().is_none_or(|it| search_filter::group_holds(cx, it, user))
        && node.list_condition.is_none()
}

/// Whether one of the field's values is as the condition has it. A field without a value meets no condition.
fn field_holds(cx: &Read<'_>, condition: &StringCondition, user: &User) -> bool {
    let holds = |text: &str| search::string_holds(condition, text);
    // A resource that the caller may not know of meets no condition.
    let refers = |kind, id: &Id| cx.can_view(kind, id) && holds(&id.to_string());
    let info = user.identity_info.as_ref();
    match condition.field_name.as_deref().unwrap_or_default() {
        "Username" => holds(&user.username),
        "FirstName" => info.and_then(|info| info.first_name.as_deref()).is_some_and(holds),
        "LastName" => info.and_then(|info| info.last_name.as_deref()).is_some_and(holds),
        "RoutingProfileId" => refers(Kind::RoutingProfile, &user.routing_profile_id),
        "SecurityProfileId" => user.security_profile_ids.iter().any(|id| refers(Kind::SecurityProfile, id)),
        _ => holds(&user.id.to_string()),
    }
}
