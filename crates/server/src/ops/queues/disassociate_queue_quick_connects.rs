//! DisassociateQueueQuickConnects.

use lanyard_wire::shapes::DisassociateQueueQuickConnectsRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;

/// Takes quick connects from those that a queue's agents see. One that is not among them is not an error, one that does
/// not exist is.
pub(crate) fn run(cx: &mut Write<'_>, input: &DisassociateQueueQuickConnectsRequest) -> Result<()> {
    checks::update(cx, &input.queue_id, |cx, queue| {
        let taken = checks::quick_connects(cx, &input.quick_connect_ids)?;
        queue.quick_connect_ids.retain(|id| !taken.contains(id));
        Ok(())
    })
}
