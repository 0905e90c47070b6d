//! ListDataTables.

use lanyard_wire::shapes::{ListDataTablesRequest, ListDataTablesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;

/// The tables of the instance, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListDataTablesRequest) -> Result<ListDataTablesResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.data_tables, |it| view::summary(cx, it))?;
    Ok(ListDataTablesResponse { data_table_summary_list: Some(rows), next_token })
}
