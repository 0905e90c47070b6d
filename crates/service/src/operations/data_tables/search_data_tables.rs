//! SearchDataTables.

use lanyard_model::resources::DataTable;
use lanyard_wire::shapes::{
    DataTableSearchCriteria, SearchDataTablesRequest, SearchDataTablesResponse, StringCondition,
};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 1_000;

/// The fields that can be searched: those the API's reference tells of, called as in the other searches.
const FIELDS: &[&str] = &["name", "description", "resourceID"];

search::criteria!(DataTableSearchCriteria);

/// The tables that meet the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchDataTablesRequest) -> Result<SearchDataTablesResponse> {
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
    let attribute_filter = input.search_filter.as_ref().and_then(|filter| filter.attribute_filter.as_ref());
    let tag_filter = attribute_filter.map(search::tag_filter);
    search::checked(tag_filter.as_ref())?;
    let matches = |table: &DataTable| {
        search::meets(input.search_criteria.as_ref(), &|condition| holds(condition, table))
            && tag_filter.as_ref().is_none_or(|filter| search::tags_pass(filter, &table.tags))
    };
    let found = search::page(cx, &asked, &cx.data_tables, matches)?;
    Ok(SearchDataTablesResponse {
        data_tables: Some(found.page.into_iter().map(|it| view::found(cx, it)).collect()),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}

/// Whether a condition on one of [`FIELDS`] holds. A table without a description meets no condition on it.
fn holds(condition: &StringCondition, table: &DataTable) -> bool {
    match condition.field_name.as_deref() {
        Some("description") => table.description.as_ref().is_some_and(|it| search::string_holds(condition, it)),
        Some("resourceID") => search::string_holds(condition, &table.id.to_string()),
        _ => search::string_holds(condition, &table.name),
    }
}
