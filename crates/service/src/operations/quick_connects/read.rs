//! Quick connects described, listed and searched.

use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::{
    DescribeQuickConnectRequest, DescribeQuickConnectResponse, ListQuickConnectsRequest, ListQuickConnectsResponse,
    SearchQuickConnectsRequest, SearchQuickConnectsResponse,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::references::find;
use crate::operations::{pages, search};

/// The quick connect.
pub(crate) fn describe_quick_connect(
    cx: &Read<'_>,
    input: &DescribeQuickConnectRequest,
) -> Result<DescribeQuickConnectResponse> {
    let quick_connect = find::<QuickConnect>(cx, &input.quick_connect_id)?;
    let described = view::quick_connect(cx, &quick_connect);
    Ok(DescribeQuickConnectResponse { quick_connect: Some(described) })
}

/// The quick connects of an instance, of any type or of those asked for, in the order of their identifiers.
pub(crate) fn list_quick_connects(
    cx: &Read<'_>,
    input: &ListQuickConnectsRequest,
) -> Result<ListQuickConnectsResponse> {
    let types = input.quick_connect_types.as_deref().unwrap_or_default();
    let is_wanted = |it: &QuickConnect| types.is_empty() || types.contains(&view::quick_connect_type(&it.destination));
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_filtered(cx, input, &format!("{types:?}"), &cx.quick_connects, is_wanted, row)?;
    Ok(ListQuickConnectsResponse { quick_connect_summary_list: Some(rows), next_token })
}

/// The quick connects that meet the criteria and whose tags pass the filter.
pub(crate) fn search_quick_connects(
    cx: &Read<'_>,
    input: &SearchQuickConnectsRequest,
) -> Result<SearchQuickConnectsResponse> {
    let page = search::by_fields(cx, input, search::COMMON_FIELDS, &cx.quick_connects, |condition, quick_connect| {
        search::common_field_holds(
            condition,
            &quick_connect.name,
            quick_connect.description.as_deref(),
            &quick_connect.id,
        )
    })?;
    Ok(SearchQuickConnectsResponse {
        quick_connects: page.rows(|it| view::quick_connect(cx, it)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}
