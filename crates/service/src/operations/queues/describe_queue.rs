//! DescribeQueue.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::Queue;
use lanyard_wire::shapes::{DescribeQueueRequest, DescribeQueueResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::ids;

/// The queue, without its quick connects, which have an operation of their own.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeQueueRequest) -> Result<DescribeQueueResponse> {
    let queue = find(cx, &input.queue_id)?;
    Ok(DescribeQueueResponse { queue: Some(view::queue(cx, &queue)) })
}

/// The queue that a member of the request names.
pub(super) fn find(cx: &impl InstanceState, queue_id: &str) -> Result<Arc<Queue>> {
    let found = cx.queues.get(&ids::id(cx, Kind::Queue, queue_id));
    let seen = found.filter(|it| cx.can_view(Kind::Queue, &it.id));
    seen.cloned().ok_or_else(|| Error::not_found(Kind::Queue.noun(), queue_id))
}
