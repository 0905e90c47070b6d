//! SearchDataTables.

use lanyard_wire::shapes::{SearchDataTablesRequest, SearchDataTablesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search;

/// The tables that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchDataTablesRequest) -> Result<SearchDataTablesResponse> {
    let found = search::by_fields(cx, input, search::COMMON_FIELDS, &cx.data_tables, |condition, table| {
        search::common_field_holds(condition, &table.name, table.description.as_deref(), &table.id)
    })?;
    Ok(SearchDataTablesResponse {
        data_tables: found.rows(|it| view::found(cx, it)),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}
