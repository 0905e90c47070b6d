//! DescribeHoursOfOperation.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::{DescribeHoursOfOperationRequest, DescribeHoursOfOperationResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::ids;

/// The hours, with the names of their parents.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeHoursOfOperationRequest) -> Result<DescribeHoursOfOperationResponse> {
    let hours = find(cx, &input.hours_of_operation_id)?;
    Ok(DescribeHoursOfOperationResponse { hours_of_operation: Some(view::hours(cx, &hours)) })
}

/// The hours that a member of the request names.
pub(crate) fn find(cx: &impl InstanceState, id: &str) -> Result<Arc<HoursOfOperation>> {
    let found = cx.hours_of_operation.get(&ids::id(cx, Kind::HoursOfOperation, id));
    let seen = found.filter(|it| cx.can_view(Kind::HoursOfOperation, &it.id));
    seen.cloned().ok_or_else(|| Error::not_found(Kind::HoursOfOperation.noun(), id))
}
