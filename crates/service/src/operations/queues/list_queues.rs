//! ListQueues.

use lanyard_wire::shapes::{ListQueuesRequest, ListQueuesResponse, QueueType};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;

/// The queues of an instance, in the order of their identifiers. All are of the type STANDARD.
pub(crate) fn run(cx: &Read<'_>, input: &ListQueuesRequest) -> Result<ListQueuesResponse> {
    let types = input.queue_types.as_deref().unwrap_or_default();
    let asked = types.is_empty() || types.contains(&QueueType::Standard);
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_filtered(cx, input, &format!("{types:?}"), &cx.queues, |_| asked, row)?;
    Ok(ListQueuesResponse { queue_summary_list: Some(rows), next_token })
}
