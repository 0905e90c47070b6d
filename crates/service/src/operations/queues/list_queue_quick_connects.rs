//! ListQueueQuickConnects.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::Queue;
use lanyard_wire::shapes::{ListQueueQuickConnectsRequest, ListQueueQuickConnectsResponse};

use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;
use crate::operations::quick_connects;
use crate::operations::references::find;
use crate::operations::security_profiles::view::timestamp;

/// The quick connects of a queue, in the order of their identifiers. The time and region beside them are the queue's.
pub(crate) fn run(cx: &Read<'_>, input: &ListQueueQuickConnectsRequest) -> Result<ListQueueQuickConnectsResponse> {
    let queue = find::<Queue>(cx, &input.queue_id)?;
    let seen = queue.quick_connect_ids.iter().filter(|id| cx.can_view(Kind::QuickConnect, id));
    let associated = seen.filter_map(|id| cx.quick_connects.get(id)).map(|it| (it.id.to_string(), it));
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
