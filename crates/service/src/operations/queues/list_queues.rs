//! ListQueues.

use lanyard_wire::shapes::{ListQueuesRequest, ListQueuesResponse, QueueType};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The queues of an instance, in the order of their identifiers. All are of the type STANDARD.
pub(crate) fn run(cx: &Read<'_>, input: &ListQueuesRequest) -> Result<ListQueuesResponse> {
    let types = input.queue_types.as_deref().unwrap_or_default();
    let query = format!("{types:?}");
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let asked = types.is_empty() || types.contains(&QueueType::Standard);
    let (page, next_token) = pages.cut(pages.rest(&cx.queues).filter(|_| asked), |(id, _)| id.to_string());
    let instance = cx.instance_id();
    let summaries = page.into_iter().map(|(_, it)| view::summary(&cx.call.scope, &instance, it)).collect();
    Ok(ListQueuesResponse { queue_summary_list: Some(summaries), next_token })
}
