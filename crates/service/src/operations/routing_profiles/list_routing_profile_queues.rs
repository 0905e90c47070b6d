//! ListRoutingProfileQueues.

use lanyard_model::Kind;
use lanyard_wire::shapes::{ListRoutingProfileQueuesRequest, ListRoutingProfileQueuesResponse};

use super::describe_routing_profile::find;
use super::{queues, view};
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;
use crate::operations::security_profiles::view::timestamp;

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The queues that contacts come from, in the order of their identifiers and channels.
pub(crate) fn run(cx: &Read<'_>, input: &ListRoutingProfileQueuesRequest) -> Result<ListRoutingProfileQueuesResponse> {
    let profile = find(cx, &input.routing_profile_id)?;
    let query = profile.id.to_string();
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let seen = profile.queue_configs.iter().filter(|it| cx.can_view(Kind::Queue, &it.queue.queue_id));
    let (page, next_token) = pages.cut_list(seen.map(|it| (queues::key(&it.queue), it)));
    Ok(ListRoutingProfileQueuesResponse {
        next_token,
        routing_profile_queue_config_summary_list: Some(page.into_iter().map(|it| view::queue(cx, it)).collect()),
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
