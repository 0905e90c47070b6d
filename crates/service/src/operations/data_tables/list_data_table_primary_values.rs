//! ListDataTablePrimaryValues.

use lanyard_wire::shapes::{ListDataTablePrimaryValuesRequest, ListDataTablePrimaryValuesResponse};

use super::grid::Grid;
use super::listing::Listing;
use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// What tells the records of a table apart, or those of them that the request chooses, in the order of their identifiers.
/// The default record, which has no primary values, is not among them.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListDataTablePrimaryValuesRequest,
) -> Result<ListDataTablePrimaryValuesResponse> {
    let grid = Grid::seen(cx, &input.data_table_id)?;
    let filters = grid.filters(input.primary_attribute_values.as_ref())?;
    let query = format!("{} {filters:?}", grid.table.id);
    let listing = Listing::new(cx, input, &query, input.record_ids.as_ref())?;
    let records = find::records_seen(cx, &grid.table.id)
        .filter(|record| !record.primary_values.is_empty() && grid.passes(record, &filters))
        .map(|record| (record.id.to_string(), record))
        .filter(|(id, _)| listing.has(id));
    let (page, next_token) = listing.cut(records);
    let records = page.into_iter().map(|it| view::record(&grid, it)).collect();
    Ok(ListDataTablePrimaryValuesResponse { primary_values_list: Some(records), next_token })
}
