//! UpdateQueueName.

use lanyard_model::Kind;
use lanyard_model::resources::Queue;
use lanyard_wire::shapes::UpdateQueueNameRequest;

use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified::update;
use crate::operations::names;

/// Replaces the name, the description, or both; what is left out stays. A description cannot be taken away: the API
/// model asks for at least one character.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueNameRequest) -> Result<()> {
    if input.name.is_none() && input.description.is_none() {
        return Err(Error::invalid_request("members `Name` and `Description` are both missing, one is required"));
    }
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        if let Some(name) = &input.name {
            names::check_free(cx, Kind::Queue, name, Some(&queue.id))?;
            queue.name.clone_from(name);
        }
        if input.description.is_some() {
            queue.description.clone_from(&input.description);
        }
        Ok(())
    })
}
