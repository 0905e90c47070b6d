//! DeleteQuickConnect.

use lanyard_model::Kind;
use lanyard_wire::shapes::DeleteQuickConnectRequest;

use super::describe_quick_connect::find;
use crate::context::Write;
use crate::error::Result;
use crate::ops::in_use;

/// Deletes a quick connect that is not associated with a queue. The API model has no error of its own for one that is,
/// so that it is an invalid request.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteQuickConnectRequest) -> Result<()> {
    let quick_connect = find(cx, &input.quick_connect_id)?;
    in_use::check(cx, Kind::QuickConnect, &quick_connect.id)?;
    cx.delete(Kind::QuickConnect, &quick_connect.id)
}
