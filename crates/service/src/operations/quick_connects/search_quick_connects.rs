//! SearchQuickConnects.

use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::{
    QuickConnectSearchCriteria, SearchQuickConnectsRequest, SearchQuickConnectsResponse, StringCondition,
};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The fields that can be searched.
const FIELDS: &[&str] = &["name", "description", "resourceID"];

search::criteria!(QuickConnectSearchCriteria);

/// The quick connects that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchQuickConnectsRequest) -> Result<SearchQuickConnectsResponse> {
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
    let matches = |quick_connect: &QuickConnect| {
        search::meets(input.search_criteria.as_ref(), &|condition| condition_holds(condition, quick_connect))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &quick_connect.tags))
    };
    let found = search::page(cx, &asked, &cx.quick_connects, matches)?;
    let shown = found.page.into_iter().map(|it| view::quick_connect(cx, it)).collect();
    Ok(SearchQuickConnectsResponse {
        quick_connects: Some(shown),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}

fn condition_holds(condition: &StringCondition, quick_connect: &QuickConnect) -> bool {
    match condition.field_name.as_deref() {
        Some("name") => search::string_holds(condition, &quick_connect.name),
        Some("description") => quick_connect.description.as_ref().is_some_and(|it| search::string_holds(condition, it)),
        _ => search::string_holds(condition, &quick_connect.id.to_string()),
    }
}
