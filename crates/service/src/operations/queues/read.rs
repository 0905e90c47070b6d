//! Queues described, listed and searched.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::{
    DescribeQueueRequest, DescribeQueueResponse, ListQueuesRequest, ListQueuesResponse, QueueType, SearchQueuesRequest,
    SearchQueuesResponse,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::references::find;
use crate::operations::{pages, search};

/// The queue, without its quick connects, which have an operation of their own.
pub(crate) fn describe_queue(cx: &Read<'_>, input: &DescribeQueueRequest) -> Result<DescribeQueueResponse> {
    let queue = find::<Queue>(cx, &input.queue_id)?;
    Ok(DescribeQueueResponse { queue: Some(view::queue(cx, &queue)) })
}

/// The queues of an instance, in the order of their identifiers. All are of the type STANDARD.
pub(crate) fn list_queues(cx: &Read<'_>, input: &ListQueuesRequest) -> Result<ListQueuesResponse> {
    let types = input.queue_types.as_deref().unwrap_or_default();
    let is_wanted = types.is_empty() || types.contains(&QueueType::Standard);
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_filtered(cx, input, &format!("{types:?}"), &cx.queues, |_| is_wanted, row)?;
    Ok(ListQueuesResponse { queue_summary_list: Some(rows), next_token })
}

/// The queues that meet the criteria and whose tags pass the filter. `QueueTypeCondition` can ask only for STANDARD, as
/// all queues are, so it always holds.
pub(crate) fn search_queues(cx: &Read<'_>, input: &SearchQueuesRequest) -> Result<SearchQueuesResponse> {
    let page = search::by_fields(cx, input, search::COMMON_FIELDS, &cx.queues, |condition, queue| {
        search::common_field_holds(condition, &queue.name, queue.description.as_deref(), &queue.id)
    })?;
    Ok(SearchQueuesResponse {
        queues: page.rows(|it| view::queue(cx, it)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}
