//! ListRoutingProfileManualAssignmentQueues.

use lanyard_model::Kind;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::{
    ListRoutingProfileManualAssignmentQueuesRequest, ListRoutingProfileManualAssignmentQueuesResponse,
};

use super::{queues, view};
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;
use crate::operations::references::find;
use crate::operations::security_profiles::view::timestamp;

/// The queues that people pick contacts from, in the order of their identifiers and channels.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListRoutingProfileManualAssignmentQueuesRequest,
) -> Result<ListRoutingProfileManualAssignmentQueuesResponse> {
    let profile = find::<RoutingProfile>(cx, &input.routing_profile_id)?;
    let seen = profile.manual_assignment_queues.iter().filter(|it| cx.can_view(Kind::Queue, &it.queue_id));
    let keyed = seen.map(|it| (queues::key(it), it));
    let (rows, next_token) =
        pages::of_items(cx, input, &profile.id.to_string(), keyed, |it| view::manual_queue(cx, it))?;
    Ok(ListRoutingProfileManualAssignmentQueuesResponse {
        next_token,
        routing_profile_manual_assignment_queue_config_summary_list: Some(rows),
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
