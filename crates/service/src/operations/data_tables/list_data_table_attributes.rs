//! ListDataTableAttributes.

use lanyard_wire::shapes::{ListDataTableAttributesRequest, ListDataTableAttributesResponse};

use super::listing::Listing;
use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// The attributes of a table, or those of them that the request chooses, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListDataTableAttributesRequest) -> Result<ListDataTableAttributesResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let query = table.id.to_string();
    let listing = Listing::new(cx, input, &query, input.attribute_ids.as_ref())?;
    let every = find::attributes(cx, &table.id).map(|it| (it.id.to_string(), it));
    let (page, next_token) = listing.cut(every.filter(|(id, _)| listing.has(id)));
    let attributes = page.into_iter().map(|it| view::attribute(cx, &table, it)).collect();
    Ok(ListDataTableAttributesResponse { attributes: Some(attributes), next_token })
}
