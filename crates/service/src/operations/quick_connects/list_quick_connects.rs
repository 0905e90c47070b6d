//! ListQuickConnects.

use lanyard_wire::shapes::{ListQuickConnectsRequest, ListQuickConnectsResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The quick connects of an instance, of any type or of those asked for, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListQuickConnectsRequest) -> Result<ListQuickConnectsResponse> {
    let types = input.quick_connect_types.as_deref().unwrap_or_default();
    let query = format!("{types:?}");
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let asked = pages
        .rest(&cx.quick_connects)
        .filter(|(_, it)| types.is_empty() || types.contains(&view::quick_connect_type(&it.destination)));
    let (page, next_token) = pages.cut(asked, |(id, _)| id.to_string());
    let instance = cx.instance_id();
    let summaries = page.into_iter().map(|(_, it)| view::summary(&cx.call.scope, &instance, it)).collect();
    Ok(ListQuickConnectsResponse { quick_connect_summary_list: Some(summaries), next_token })
}
