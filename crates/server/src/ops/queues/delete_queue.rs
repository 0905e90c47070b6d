//! DeleteQueue.

use lanyard_model::Kind;
use lanyard_wire::shapes::DeleteQueueRequest;

use super::describe_queue::find;
use crate::context::{InstanceState, Write};
use crate::error::Result;

/// Deletes a queue that no routing profile and no quick connect refers to.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteQueueRequest) -> Result<()> {
    let queue = find(cx, &input.queue_id)?;
    let referrer = cx.referrers(Kind::Queue, &queue.id).next().map(|by| cx.arn(by));
    cx.delete(Kind::Queue, &queue.id).map_err(|error| match referrer {
        Some(arn) => error.with_member("ResourceId", arn),
        None => error,
    })
}
