//! DisassociateRoutingProfileQueues.

use lanyard_model::resources::QueueReference;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::{DisassociateRoutingProfileQueuesRequest, RoutingProfileQueueReference};

use super::queues;
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified::update;

/// How many references a list may have (the API reference's bound; the model has none).
const MOST: usize = 10;

/// Removes queues from a profile's lists. One that is not there is not an error.
pub(crate) fn run(cx: &mut Write<'_>, input: &DisassociateRoutingProfileQueuesRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        if input.queue_references.is_none() && input.manual_assignment_queue_references.is_none() {
            return Err(Error::invalid_request(
                "one of the members `QueueReferences` and `ManualAssignmentQueueReferences` is required",
            ));
        }
        let removed = references(cx, "QueueReferences", input.queue_references.as_deref())?;
        profile.queue_configs.retain(|it| !removed.contains(&it.queue));
        let manual = input.manual_assignment_queue_references.as_deref();
        let removed = references(cx, "ManualAssignmentQueueReferences", manual)?;
        profile.manual_assignment_queues.retain(|it| !removed.contains(it));
        Ok(())
    })
}

fn references(
    cx: &Write<'_>,
    member: &str,
    list: Option<&[RoutingProfileQueueReference]>,
) -> Result<Vec<QueueReference>> {
    let list = list.unwrap_or_default();
    if list.len() > MOST {
        return Err(Error::invalid_parameter(format!(
            "member `{member}` has {} entries, at most {MOST} are allowed",
            list.len()
        )));
    }
    queues::distinct(cx, member, list.iter())
}
