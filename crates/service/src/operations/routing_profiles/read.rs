//! Routing profiles described, listed and searched.

use lanyard_model::Kind;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::{
    DescribeRoutingProfileRequest, DescribeRoutingProfileResponse, ListRoutingProfilesRequest,
    ListRoutingProfilesResponse, SearchRoutingProfilesRequest, SearchRoutingProfilesResponse, StringCondition,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::references::find;
use crate::operations::{pages, search};

/// The profile with the numbers of its queues and users; the queues have operations of their own.
pub(crate) fn describe_routing_profile(
    cx: &Read<'_>,
    input: &DescribeRoutingProfileRequest,
) -> Result<DescribeRoutingProfileResponse> {
    let profile = find::<RoutingProfile>(cx, &input.routing_profile_id)?;
    Ok(DescribeRoutingProfileResponse { routing_profile: Some(view::profile(cx, &profile)) })
}

/// The profiles of an instance, in the order of their identifiers.
pub(crate) fn list_routing_profiles(
    cx: &Read<'_>,
    input: &ListRoutingProfilesRequest,
) -> Result<ListRoutingProfilesResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.routing_profiles, |it| view::summary(cx, it))?;
    Ok(ListRoutingProfilesResponse { routing_profile_summary_list: Some(rows), next_token })
}

/// The fields that can be searched, as the API reference lists them.
const FIELDS: &[&str] = &["associatedQueueIds", "name", "description", "resourceID"];

/// The profiles that meet the criteria and whose tags pass the filter.
pub(crate) fn search_routing_profiles(
    cx: &Read<'_>,
    input: &SearchRoutingProfilesRequest,
) -> Result<SearchRoutingProfilesResponse> {
    let page = search::by_fields(cx, input, FIELDS, &cx.routing_profiles, |condition, profile| {
        field_holds(cx, condition, profile)
    })?;
    Ok(SearchRoutingProfilesResponse {
        routing_profiles: page.rows(|it| view::search_row(cx, it)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}

/// Whether a condition holds for the field that it names; for one of several values, whether it holds for any.
fn field_holds(cx: &Read<'_>, condition: &StringCondition, profile: &RoutingProfile) -> bool {
    match condition.field_name.as_deref() {
        Some("associatedQueueIds") => {
            let mut queues = profile.queue_configs.iter().map(|it| &it.queue.queue_id);
            queues.any(|id| cx.can_view(Kind::Queue, id) && search::string_holds(condition, &id.to_string()))
        }
        Some("description") => search::string_holds(condition, &profile.description),
        Some("resourceID") => search::string_holds(condition, &profile.id.to_string()),
        _ => search::string_holds(condition, &profile.name),
    }
}
