//! SearchQuickConnects.

use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::{
    QuickConnectSearchCriteria, SearchQuickConnectsRequest, SearchQuickConnectsResponse, StringCondition,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::ops::pages::Pages;
use crate::ops::search::{self, Criteria};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The fields that can be searched.
const FIELDS: &[&str] = &["name", "description", "resourceID"];

impl Criteria for QuickConnectSearchCriteria {
    fn or(&self) -> Option<&[Self]> {
        self.or_conditions.as_deref()
    }

    fn and(&self) -> Option<&[Self]> {
        self.and_conditions.as_deref()
    }
}

/// The quick connects that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchQuickConnectsRequest) -> Result<SearchQuickConnectsResponse> {
    if let Some(criteria) = &input.search_criteria {
        search::each(criteria, &|node| {
            node.string_condition.as_ref().map_or(Ok(()), |condition| search::check_string(condition, FIELDS))
        })?;
    }
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let tag_filter = input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref());
    let matches = |quick_connect: &QuickConnect| {
        let leaf = |node: &QuickConnectSearchCriteria| {
            node.string_condition.as_ref().is_none_or(|condition| condition_holds(condition, quick_connect))
        };
        input.search_criteria.as_ref().is_none_or(|criteria| search::holds(criteria, &leaf))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &quick_connect.tags))
    };
    let total = cx.quick_connects.values().filter(|quick_connect| matches(quick_connect)).count();
    let rest = pages.rest(&cx.quick_connects).filter(|(_, quick_connect)| matches(quick_connect));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    let instance = cx.instance_id();
    let found = page.into_iter().map(|(_, it)| view::quick_connect(&cx.call.scope, &instance, it)).collect();
    Ok(SearchQuickConnectsResponse {
        quick_connects: Some(found),
        next_token,
        approximate_total_count: i64::try_from(total).ok(),
    })
}

fn condition_holds(condition: &StringCondition, quick_connect: &QuickConnect) -> bool {
    match condition.field_name.as_deref() {
        Some("name") => search::string_holds(condition, &quick_connect.name),
        Some("description") => quick_connect.description.as_ref().is_some_and(|it| search::string_holds(condition, it)),
        _ => search::string_holds(condition, &quick_connect.id.to_string()),
    }
}
