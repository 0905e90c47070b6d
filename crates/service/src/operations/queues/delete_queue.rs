//! DeleteQueue.

use lanyard_model::Kind;
use lanyard_model::resources::Queue;
use lanyard_wire::shapes::DeleteQueueRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::in_use;
use crate::operations::references::find;

/// Deletes a queue that no routing profile and no quick connect refers to.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteQueueRequest) -> Result<()> {
    let queue = find::<Queue>(cx, &input.queue_id)?;
    in_use::check(cx, Kind::Queue, &queue.id)?;
    cx.delete(Kind::Queue, &queue.id)
}
