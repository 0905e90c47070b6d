//! SearchQueues.

use lanyard_wire::shapes::{SearchQueuesRequest, SearchQueuesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search;

/// The queues that meet the criteria and whose tags pass the filter. `QueueTypeCondition` can ask for STANDARD alone, as
/// all queues are, so it always holds.
pub(crate) fn run(cx: &Read<'_>, input: &SearchQueuesRequest) -> Result<SearchQueuesResponse> {
    let found = search::by_fields(cx, input, search::COMMON_FIELDS, &cx.queues, |condition, queue| {
        search::common_field_holds(condition, &queue.name, queue.description.as_deref(), &queue.id)
    })?;
    Ok(SearchQueuesResponse {
        queues: found.rows(|it| view::queue(cx, it)),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}
