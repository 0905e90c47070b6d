//! Hours of operation described, listed and searched.

use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::{
    DescribeHoursOfOperationRequest, DescribeHoursOfOperationResponse, ListHoursOfOperationsRequest,
    ListHoursOfOperationsResponse, SearchHoursOfOperationsRequest, SearchHoursOfOperationsResponse, StringCondition,
};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;
use crate::operations::{pages, search};

/// The hours, with the names of their parents.
pub(crate) fn describe_hours_of_operation(
    cx: &Read<'_>,
    input: &DescribeHoursOfOperationRequest,
) -> Result<DescribeHoursOfOperationResponse> {
    let hours = find::<HoursOfOperation>(cx, &input.hours_of_operation_id)?;
    Ok(DescribeHoursOfOperationResponse { hours_of_operation: Some(view::hours(cx, &hours)) })
}

/// The hours of an instance, in the order of their identifiers.
pub(crate) fn list_hours_of_operations(
    cx: &Read<'_>,
    input: &ListHoursOfOperationsRequest,
) -> Result<ListHoursOfOperationsResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.hours_of_operation, |it| view::summary(cx, it))?;
    Ok(ListHoursOfOperationsResponse { hours_of_operation_summary_list: Some(rows), next_token })
}

/// The fields that can be searched (the API's reference).
const FIELDS: &[&str] = &["name", "description", "timezone", "resourceID"];

/// The hours that meet the criteria and whose tags pass the filter.
pub(crate) fn search_hours_of_operations(
    cx: &Read<'_>,
    input: &SearchHoursOfOperationsRequest,
) -> Result<SearchHoursOfOperationsResponse> {
    let page = search::by_fields(cx, input, FIELDS, &cx.hours_of_operation, holds)?;
    Ok(SearchHoursOfOperationsResponse {
        hours_of_operations: page.rows(|it| view::hours(cx, it)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}

/// Whether a condition on one of [`FIELDS`] holds. Hours without a description meet no condition on it.
fn holds(condition: &StringCondition, hours: &HoursOfOperation) -> bool {
    match condition.field_name.as_deref() {
        Some("timezone") => search::string_holds(condition, &hours.time_zone),
        _ => search::common_field_holds(condition, &hours.name, hours.description.as_deref(), &hours.id),
    }
}
