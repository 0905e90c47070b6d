//! The quick connects of a queue.

use std::sync::Arc;

use lanyard_model::resources::Queue;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{
    AssociateQueueQuickConnectsRequest, DisassociateQueueQuickConnectsRequest, ListQueueQuickConnectsRequest,
    ListQueueQuickConnectsResponse,
};

use super::checks;
use crate::context::{InstanceState, Read, Write};
use crate::error::Result;
use crate::operations::members::timestamp;
use crate::operations::modified::update;
use crate::operations::references::find;
use crate::operations::{ids, pages, quick_connects};

/// Adds quick connects of any type to those of a queue. One that is there already keeps its place.
pub(crate) fn associate_queue_quick_connects(
    cx: &mut Write<'_>,
    input: &AssociateQueueQuickConnectsRequest,
) -> Result<()> {
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        for id in checks::quick_connects(cx, &input.quick_connect_ids)? {
            if !queue.quick_connect_ids.contains(&id) {
                queue.quick_connect_ids.push(id);
            }
        }
        Ok(())
    })
}

/// Removes quick connects from those of a queue. One that is not among them is not an error, not even one that no
/// longer exists: Terraform disassociates quick connects that it has just deleted.
pub(crate) fn disassociate_queue_quick_connects(
    cx: &mut Write<'_>,
    input: &DisassociateQueueQuickConnectsRequest,
) -> Result<()> {
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        let taken: Vec<Id> = input.quick_connect_ids.iter().map(|id| ids::id(cx, Kind::QuickConnect, id)).collect();
        queue.quick_connect_ids.retain(|id| !taken.contains(id));
        Ok(())
    })
}

/// The quick connects of a queue, in the order of their identifiers. The time and region of the answer are the queue's.
pub(crate) fn list_queue_quick_connects(
    cx: &Read<'_>,
    input: &ListQueueQuickConnectsRequest,
) -> Result<ListQueueQuickConnectsResponse> {
    let queue = find::<Queue>(cx, &input.queue_id)?;
    let visible = queue.quick_connect_ids.iter().filter(|id| cx.can_view(Kind::QuickConnect, id));
    let associated = visible.filter_map(|id| cx.quick_connects.get(id)).map(|it| (it.id.to_string(), it));
    let instance = cx.instance_id();
    let row = |it: &Arc<_>| quick_connects::view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_items(cx, input, &queue.id.to_string(), associated, row)?;
    Ok(ListQueueQuickConnectsResponse {
        next_token,
        quick_connect_summary_list: Some(rows),
        last_modified_time: Some(timestamp(queue.last_modified_time)),
        last_modified_region: Some(queue.last_modified_region.clone()),
    })
}
