//! ListQuickConnects.

use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::{ListQuickConnectsRequest, ListQuickConnectsResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;

/// The quick connects of an instance, of any type or of those asked for, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListQuickConnectsRequest) -> Result<ListQuickConnectsResponse> {
    let types = input.quick_connect_types.as_deref().unwrap_or_default();
    let asked = |it: &QuickConnect| types.is_empty() || types.contains(&view::quick_connect_type(&it.destination));
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_filtered(cx, input, &format!("{types:?}"), &cx.quick_connects, asked, row)?;
    Ok(ListQuickConnectsResponse { quick_connect_summary_list: Some(rows), next_token })
}
