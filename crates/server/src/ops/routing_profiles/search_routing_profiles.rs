//! SearchRoutingProfiles.

use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::{
    RoutingProfileSearchCriteria, SearchRoutingProfilesRequest, SearchRoutingProfilesResponse, StringCondition,
};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::ops::pages::Pages;
use crate::ops::search::{self, Criteria};

/// The longest page (the API model's bound).
const MOST: usize = 500;

/// The fields that can be searched, as the API reference lists them.
const FIELDS: &[&str] = &["associatedQueueIds", "name", "description", "resourceID"];

impl Criteria for RoutingProfileSearchCriteria {
    fn or(&self) -> Option<&[Self]> {
        self.or_conditions.as_deref()
    }

    fn and(&self) -> Option<&[Self]> {
        self.and_conditions.as_deref()
    }
}

/// The profiles that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchRoutingProfilesRequest) -> Result<SearchRoutingProfilesResponse> {
    if let Some(criteria) = &input.search_criteria {
        search::each(criteria, &|node| {
            node.string_condition.as_ref().map_or(Ok(()), |condition| search::check_string(condition, FIELDS))
        })?;
    }
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let tag_filter = input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref());
    let matches = |profile: &RoutingProfile| {
        let leaf = |node: &RoutingProfileSearchCriteria| {
            node.string_condition.as_ref().is_none_or(|condition| field_holds(condition, profile))
        };
        input.search_criteria.as_ref().is_none_or(|criteria| search::holds(criteria, &leaf))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &profile.tags))
    };
    let total = cx.routing_profiles.values().filter(|profile| matches(profile)).count();
    let rest = pages.rest(&cx.routing_profiles).filter(|(_, profile)| matches(profile));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    Ok(SearchRoutingProfilesResponse {
        routing_profiles: Some(page.into_iter().map(|(_, it)| view::found(cx, it)).collect()),
        next_token,
        approximate_total_count: i64::try_from(total).ok(),
    })
}

/// Whether a condition holds for the field that it names; for one of several values, whether it holds for any.
fn field_holds(condition: &StringCondition, profile: &RoutingProfile) -> bool {
    match condition.field_name.as_deref() {
        Some("associatedQueueIds") => {
            profile.queue_configs.iter().any(|it| search::string_holds(condition, &it.queue.queue_id.to_string()))
        }
        Some("description") => search::string_holds(condition, &profile.description),
        Some("resourceID") => search::string_holds(condition, &profile.id.to_string()),
        _ => search::string_holds(condition, &profile.name),
    }
}
