//! DisassociateQueueQuickConnects.

use lanyard_model::resources::Queue;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::DisassociateQueueQuickConnectsRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::ids;
use crate::operations::modified::update;

/// Takes quick connects from those that a queue's agents see. One that is not among them is not an error, not even one
/// that no longer exists: Terraform disassociates what it has just deleted.
pub(crate) fn run(cx: &mut Write<'_>, input: &DisassociateQueueQuickConnectsRequest) -> Result<()> {
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        let taken: Vec<Id> = input.quick_connect_ids.iter().map(|id| ids::id(cx, Kind::QuickConnect, id)).collect();
        queue.quick_connect_ids.retain(|id| !taken.contains(id));
        Ok(())
    })
}
