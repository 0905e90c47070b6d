//! ListRoutingProfileManualAssignmentQueues.

use lanyard_model::Kind;
use lanyard_wire::shapes::{
    ListRoutingProfileManualAssignmentQueuesRequest, ListRoutingProfileManualAssignmentQueuesResponse,
};

use super::describe_routing_profile::find;
use super::{queues, view};
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;
use crate::operations::security_profiles::view::timestamp;

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The queues that people pick contacts from, in the order of their identifiers and channels.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListRoutingProfileManualAssignmentQueuesRequest,
) -> Result<ListRoutingProfileManualAssignmentQueuesResponse> {
    let profile = find(cx, &input.routing_profile_id)?;
    let query = profile.id.to_string();
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let seen = profile.manual_assignment_queues.iter().filter(|it| cx.can_view(Kind::Queue, &it.queue_id));
    let (page, next_token) = pages.cut_list(seen.map(|it| (queues::key(it), it)));
    let summaries = page.into_iter().map(|it| view::manual_queue(cx, it)).collect();
    Ok(ListRoutingProfileManualAssignmentQueuesResponse {
        next_token,
        routing_profile_manual_assignment_queue_config_summary_list: Some(summaries),
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
