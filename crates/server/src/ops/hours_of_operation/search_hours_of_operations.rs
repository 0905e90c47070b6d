//! SearchHoursOfOperations.

use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::{
    HoursOfOperationSearchCriteria, SearchHoursOfOperationsRequest, SearchHoursOfOperationsResponse, StringCondition,
};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::ops::pages::Pages;
use crate::ops::search::{self, Criteria};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The fields that can be searched (the API's reference).
const FIELDS: &[&str] = &["name", "description", "timezone", "resourceID"];

impl Criteria for HoursOfOperationSearchCriteria {
    fn or(&self) -> Option<&[Self]> {
        self.or_conditions.as_deref()
    }

    fn and(&self) -> Option<&[Self]> {
        self.and_conditions.as_deref()
    }
}

/// The hours that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchHoursOfOperationsRequest) -> Result<SearchHoursOfOperationsResponse> {
    if let Some(criteria) = &input.search_criteria {
        search::each(criteria, &|node| {
            node.string_condition.as_ref().map_or(Ok(()), |condition| search::check_string(condition, FIELDS))
        })?;
    }
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let tag_filter = input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref());
    let matches = |hours: &HoursOfOperation| {
        let node_holds = |node: &HoursOfOperationSearchCriteria| {
            node.string_condition.as_ref().is_none_or(|condition| holds(condition, hours))
        };
        input.search_criteria.as_ref().is_none_or(|criteria| search::holds(criteria, &node_holds))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &hours.tags))
    };
    let total = cx.hours_of_operation.values().filter(|hours| matches(hours)).count();
    let rest = pages.rest(&cx.hours_of_operation).filter(|(_, hours)| matches(hours));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    Ok(SearchHoursOfOperationsResponse {
        hours_of_operations: Some(page.into_iter().map(|(_, it)| view::hours(cx, it)).collect()),
        next_token,
        approximate_total_count: i64::try_from(total).ok(),
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
