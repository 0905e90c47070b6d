//! UpdateQueueMaxContacts.

use lanyard_wire::shapes::UpdateQueueMaxContactsRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;

/// Sets how many contacts may wait; without the member there is no limit any more.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQueueMaxContactsRequest) -> Result<()> {
    checks::update(cx, &input.queue_id, |_, queue| {
        queue.max_contacts = input.max_contacts;
        Ok(())
    })
}
