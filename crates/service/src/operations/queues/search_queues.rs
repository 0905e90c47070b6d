//! SearchQueues.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::{QueueSearchCriteria, SearchQueuesRequest, SearchQueuesResponse, StringCondition};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 500;

/// The fields that can be searched.
const FIELDS: &[&str] = &["name", "description", "resourceID"];

search::criteria!(QueueSearchCriteria);

/// The queues that meet the criteria and whose tags pass the filter. `QueueTypeCondition` can ask for STANDARD alone, as
/// all queues are, so it always holds.
pub(crate) fn run(cx: &Read<'_>, input: &SearchQueuesRequest) -> Result<SearchQueuesResponse> {
    search::check(input.search_criteria.as_ref(), FIELDS)?;
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let asked = Asked {
        instance: &input.instance_id,
        query: &query,
        is_everything: input.search_criteria.is_none() && input.search_filter.is_none(),
        token: input.next_token.as_deref(),
        max_results: input.max_results,
        most: MOST,
    };
    let tag_filter = search::checked(input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref()))?;
    let matches = |queue: &Queue| {
        search::meets(input.search_criteria.as_ref(), &|condition| condition_holds(condition, queue))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &queue.tags))
    };
    let found = search::page(cx, &asked, &cx.queues, matches)?;
    let shown = found.page.into_iter().map(|it| view::queue(cx, it)).collect();
    Ok(SearchQueuesResponse { queues: Some(shown), next_token: found.next_token, approximate_total_count: found.total })
}

fn condition_holds(condition: &StringCondition, queue: &Queue) -> bool {
    match condition.field_name.as_deref() {
        Some("name") => search::string_holds(condition, &queue.name),
        Some("description") => queue.description.as_ref().is_some_and(|it| search::string_holds(condition, it)),
        _ => search::string_holds(condition, &queue.id.to_string()),
    }
}
