//! ListHoursOfOperations.

use lanyard_wire::shapes::{ListHoursOfOperationsRequest, ListHoursOfOperationsResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;

/// The hours of an instance, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListHoursOfOperationsRequest) -> Result<ListHoursOfOperationsResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.hours_of_operation, |it| view::summary(cx, it))?;
    Ok(ListHoursOfOperationsResponse { hours_of_operation_summary_list: Some(rows), next_token })
}
