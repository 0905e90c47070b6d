//! SearchRoutingProfiles.

use lanyard_model::Kind;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::{
    RoutingProfileSearchCriteria, SearchRoutingProfilesRequest, SearchRoutingProfilesResponse, StringCondition,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 500;

/// The fields that can be searched, as the API reference lists them.
const FIELDS: &[&str] = &["associatedQueueIds", "name", "description", "resourceID"];

search::criteria!(RoutingProfileSearchCriteria);

/// The profiles that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchRoutingProfilesRequest) -> Result<SearchRoutingProfilesResponse> {
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
    let tag_filter = search::checked(input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref()))?;
    let matches = |profile: &RoutingProfile| {
        search::meets(input.search_criteria.as_ref(), &|condition| field_holds(cx, condition, profile))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &profile.tags))
    };
    let found = search::page(cx, &asked, &cx.routing_profiles, matches)?;
    Ok(SearchRoutingProfilesResponse {
        routing_profiles: Some(found.page.into_iter().map(|it| view::found(cx, it)).collect()),
        next_token: found.next_token,
        approximate_total_count: found.total,
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
