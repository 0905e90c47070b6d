//! SearchHoursOfOperations.

use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::{
    HoursOfOperationSearchCriteria, SearchHoursOfOperationsRequest, SearchHoursOfOperationsResponse, StringCondition,
};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The fields that can be searched (the API's reference).
const FIELDS: &[&str] = &["name", "description", "timezone", "resourceID"];

search::criteria!(HoursOfOperationSearchCriteria);

/// The hours that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchHoursOfOperationsRequest) -> Result<SearchHoursOfOperationsResponse> {
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
    let matches = |hours: &HoursOfOperation| {
        search::meets(input.search_criteria.as_ref(), &|condition| holds(condition, hours))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &hours.tags))
    };
    let found = search::page(cx, &asked, &cx.hours_of_operation, matches)?;
    Ok(SearchHoursOfOperationsResponse {
        hours_of_operations: Some(found.page.into_iter().map(|it| view::hours(cx, it)).collect()),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}

/// Whether a condition on one of [`FIELDS`] holds. Hours without a description meet no condition on it.
fn holds(condition: &StringCondition, hours: &HoursOfOperation) -> bool {
    match condition.field_name.as_deref() {
        Some("description") => hours.description.as_ref().is_some_and(|it| search::string_holds(condition, it)),
        Some("timezone") => search::string_holds(condition, &hours.time_zone),
        Some("resourceID") => search::string_holds(condition, &hours.id.to_string()),
        _ => search::string_holds(condition, &hours.name),
    }
}
