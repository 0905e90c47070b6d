//! SearchQueues.

use lanyard_model::resources::Queue;
use lanyard_wire::shapes::{QueueSearchCriteria, SearchQueuesRequest, SearchQueuesResponse, StringCondition};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::ops::pages::Pages;
use crate::ops::search::{self, Criteria};

/// The longest page (the API model's bound).
const MOST: usize = 500;

/// The fields that can be searched.
const FIELDS: &[&str] = &["name", "description", "resourceID"];

impl Criteria for QueueSearchCriteria {
    fn or(&self) -> Option<&[Self]> {
        self.or_conditions.as_deref()
    }

    fn and(&self) -> Option<&[Self]> {
        self.and_conditions.as_deref()
    }
}

/// The queues that meet the criteria and whose tags pass the filter. `QueueTypeCondition` can ask for STANDARD alone, as
/// all queues are, so it always holds.
pub(crate) fn run(cx: &Read<'_>, input: &SearchQueuesRequest) -> Result<SearchQueuesResponse> {
    if let Some(criteria) = &input.search_criteria {
        search::each(criteria, &|node| {
            node.string_condition.as_ref().map_or(Ok(()), |condition| search::check_string(condition, FIELDS))
        })?;
    }
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let tag_filter = input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref());
    let matches = |queue: &Queue| {
        let leaf = |node: &QueueSearchCriteria| {
            node.string_condition.as_ref().is_none_or(|condition| condition_holds(condition, queue))
        };
        input.search_criteria.as_ref().is_none_or(|criteria| search::holds(criteria, &leaf))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &queue.tags))
    };
    let total = cx.queues.values().filter(|queue| matches(queue)).count();
    let rest = pages.rest(&cx.queues).filter(|(_, queue)| matches(queue));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    let instance = cx.instance_id();
    let found = page.into_iter().map(|(_, it)| view::queue(&cx.call.scope, &instance, it)).collect();
    Ok(SearchQueuesResponse { queues: Some(found), next_token, approximate_total_count: i64::try_from(total).ok() })
}

fn condition_holds(condition: &StringCondition, queue: &Queue) -> bool {
    match condition.field_name.as_deref() {
        Some("name") => search::string_holds(condition, &queue.name),
        Some("description") => queue.description.as_ref().is_some_and(|it| search::string_holds(condition, it)),
        _ => search::string_holds(condition, &queue.id.to_string()),
    }
}
