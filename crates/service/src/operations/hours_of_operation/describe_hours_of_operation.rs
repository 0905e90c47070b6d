//! DescribeHoursOfOperation.

use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::{DescribeHoursOfOperationRequest, DescribeHoursOfOperationResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;

/// The hours, with the names of their parents.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeHoursOfOperationRequest) -> Result<DescribeHoursOfOperationResponse> {
    let hours = find::<HoursOfOperation>(cx, &input.hours_of_operation_id)?;
    Ok(DescribeHoursOfOperationResponse { hours_of_operation: Some(view::hours(cx, &hours)) })
}
