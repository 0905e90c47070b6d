//! ListQueueQuickConnects.

use lanyard_model::Kind;
use lanyard_wire::shapes::{ListQueueQuickConnectsRequest, ListQueueQuickConnectsResponse};

use super::describe_queue::find;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;
use crate::operations::quick_connects;
use crate::operations::security_profiles::view::timestamp;

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The quick connects of a queue, in the order of their identifiers. The time and region beside them are the queue's.
pub(crate) fn run(cx: &Read<'_>, input: &ListQueueQuickConnectsRequest) -> Result<ListQueueQuickConnectsResponse> {
    let queue = find(cx, &input.queue_id)?;
    let query = queue.id.to_string();
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let seen = queue.quick_connect_ids.iter().filter(|id| cx.can_view(Kind::QuickConnect, id));
    let associated = seen.filter_map(|id| cx.quick_connects.get(id));
    let (page, next_token) = pages.cut_list(associated.map(|it| (it.id.to_string(), it)));
    let instance = cx.instance_id();
    let summaries = page.into_iter().map(|it| quick_connects::view::summary(&cx.call.scope, &instance, it)).collect();
    Ok(ListQueueQuickConnectsResponse {
        next_token,
        quick_connect_summary_list: Some(summaries),
        last_modified_time: Some(timestamp(queue.last_modified_time)),
        last_modified_region: Some(queue.last_modified_region.clone()),
    })
}
