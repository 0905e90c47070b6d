//! SearchHoursOfOperations.

use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::{SearchHoursOfOperationsRequest, SearchHoursOfOperationsResponse, StringCondition};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search;

/// The fields that can be searched (the API's reference).
const FIELDS: &[&str] = &["name", "description", "timezone", "resourceID"];

/// The hours that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchHoursOfOperationsRequest) -> Result<SearchHoursOfOperationsResponse> {
    let found = search::by_fields(cx, input, FIELDS, &cx.hours_of_operation, holds)?;
    Ok(SearchHoursOfOperationsResponse {
        hours_of_operations: found.rows(|it| view::hours(cx, it)),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}

/// Whether a condition on one of [`FIELDS`] holds. Hours without a description meet no condition on it.
fn holds(condition: &StringCondition, hours: &HoursOfOperation) -> bool {
    match condition.field_name.as_deref() {
        Some("timezone") => search::string_holds(condition, &hours.time_zone),
        _ => search::common_field_holds(condition, &hours.name, hours.description.as_deref(), &hours.id),
    }
}
