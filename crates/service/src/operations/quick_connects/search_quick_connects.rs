//! SearchQuickConnects.

use lanyard_wire::shapes::{SearchQuickConnectsRequest, SearchQuickConnectsResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search;

/// The quick connects that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchQuickConnectsRequest) -> Result<SearchQuickConnectsResponse> {
    let found = search::by_fields(cx, input, search::COMMON_FIELDS, &cx.quick_connects, |condition, quick_connect| {
        search::common_field_holds(
            condition,
            &quick_connect.name,
            quick_connect.description.as_deref(),
            &quick_connect.id,
        )
    })?;
    Ok(SearchQuickConnectsResponse {
        quick_connects: found.rows(|it| view::quick_connect(cx, it)),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}
