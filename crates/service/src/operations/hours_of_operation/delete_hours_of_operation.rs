//! DeleteHoursOfOperation.

use lanyard_model::Kind;
use lanyard_model::resources::HoursOfOperation;
use lanyard_wire::shapes::DeleteHoursOfOperationRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::in_use;
use crate::operations::references::find;

/// Deletes hours that no queue keeps and no other hours inherit from. The built-in ones are not protected otherwise.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteHoursOfOperationRequest) -> Result<()> {
    let hours = find::<HoursOfOperation>(cx, &input.hours_of_operation_id)?;
    in_use::check(cx, Kind::HoursOfOperation, &hours.id)?;
    cx.delete(Kind::HoursOfOperation, &hours.id)
}
