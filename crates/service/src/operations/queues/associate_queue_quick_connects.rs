//! AssociateQueueQuickConnects.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::AssociateQueueQuickConnectsRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Adds quick connects of any type to those that a queue's agents see. One that is there already stays where it is.
pub(crate) fn run(cx: &mut Write<'_>, input: &AssociateQueueQuickConnectsRequest) -> Result<()> {
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        for id in checks::quick_connects(cx, &input.quick_connect_ids)? {
            if !queue.quick_connect_ids.contains(&id) {
                queue.quick_connect_ids.push(id);
            }
        }
        Ok(())
    })
}
