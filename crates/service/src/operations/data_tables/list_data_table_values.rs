//! ListDataTableValues.

use lanyard_wire::shapes::{ListDataTableValuesRequest, ListDataTableValuesResponse};

use super::grid::Grid;
use super::listing::Listing;
use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// The values of a table, or of those of its records that the request chooses, as they are stored; in the order of the
/// identifiers of records and attributes.
pub(crate) fn run(cx: &Read<'_>, input: &ListDataTableValuesRequest) -> Result<ListDataTableValuesResponse> {
    let grid = Grid::seen(cx, &input.data_table_id)?;
    let filters = grid.filters(input.primary_attribute_values.as_ref())?;
    let query = format!("{} {filters:?}", grid.table.id);
    let listing = Listing::new(cx, input, &query, input.record_ids.as_ref())?;
    let records = find::records_seen(cx, &grid.table.id)
        .filter(|record| listing.has(&record.id.to_string()) && grid.passes(record, &filters));
    let values = records.flat_map(|record| {
        let of_record = record.values.iter();
        let grid = &grid;
        of_record.filter_map(move |(id, value)| {
            let attribute = grid.attribute(id)?;
            Some((format!("{}/{id}", record.id), (record, attribute, value)))
        })
    });
    let (page, next_token) = listing.cut(values);
    let values =
        page.into_iter().map(|(record, attribute, value)| view::value(&grid, record, attribute, value)).collect();
    Ok(ListDataTableValuesResponse { values: Some(values), next_token })
}
