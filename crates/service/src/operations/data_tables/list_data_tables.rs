//! ListDataTables.

use lanyard_wire::shapes::{ListDataTablesRequest, ListDataTablesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The tables of the instance, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListDataTablesRequest) -> Result<ListDataTablesResponse> {
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, b"", token, input.max_results, MOST)?;
    let (page, next_token) = pages.cut(pages.rest(&cx.data_tables), |(id, _)| id.to_string());
    let summaries = page.into_iter().map(|(_, it)| view::summary(cx, it)).collect();
    Ok(ListDataTablesResponse { data_table_summary_list: Some(summaries), next_token })
}
