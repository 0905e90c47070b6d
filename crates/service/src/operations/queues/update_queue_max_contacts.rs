//! UpdateQueueMaxContacts.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::UpdateQueueMaxContactsRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Sets how many contacts may wait; without the member there is no limit any more.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueMaxContactsRequest) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.max_contacts = input.max_contacts;
        Ok(())
    })
}
