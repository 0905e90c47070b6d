//! DescribeQueue.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::{DescribeQueueRequest, DescribeQueueResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;

/// The queue, without its quick connects, which have an operation of their own.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeQueueRequest) -> Result<DescribeQueueResponse> {
    let queue = find::<Queue>(cx, &input.queue_id)?;
    Ok(DescribeQueueResponse { queue: Some(view::queue(cx, &queue)) })
}
