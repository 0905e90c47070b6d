//! Lookups of data tables, attributes and records by the names in requests.

use std::sync::Arc;

use lanyard_model::resources::{DataTable, DataTableAttribute, DataTableRecord};
use lanyard_model::{Directory, Id, Kind};

use crate::context::{InstanceState, Read};
use crate::error::{Error, Excerpt, Result};
use crate::operations::ids;

/// The table that an identifier or ARN names, where a version alias may follow after a colon. A table has one version,
/// which both aliases name.
pub(super) fn table(cx: &impl InstanceState, text: &str) -> Result<Arc<DataTable>> {
    match split(cx, text) {
        (id, None | Some("$LATEST" | "$SAVED")) => find(cx, id, text),
        (id, Some(alias)) => {
            find(cx, id, text)?;
            Err(Error::not_found("version of the data table", alias))
        }
    }
}

/// The table that an identifier or ARN names, where no alias may follow but `$LATEST`.
pub(super) fn latest(cx: &impl InstanceState, text: &str) -> Result<Arc<DataTable>> {
    match split(cx, text) {
        (id, None | Some("$LATEST")) => find(cx, id, text),
        (_, Some(alias)) => Err(Error::invalid_parameter(format!(
            "member `DataTableId` names the version `{}`, must name none or `$LATEST`",
            Excerpt(alias)
        ))),
    }
}

fn split<'t>(cx: &impl InstanceState, text: &'t str) -> (&'t str, Option<&'t str>) {
    let bare = ids::bare(cx, Kind::DataTable, text);
    bare.split_once(':').map_or((bare, None), |(id, alias)| (id, Some(alias)))
}

fn find(cx: &impl InstanceState, id: &str, text: &str) -> Result<Arc<DataTable>> {
    let table = cx.data_tables.get(&Id::new(id)).filter(|it| cx.can_view(Kind::DataTable, &it.id));
    table.cloned().ok_or_else(|| Error::not_found(Kind::DataTable.noun(), text))
}

/// The table's attribute of this name.
pub(super) fn attribute(directory: &Directory, table: &Id, name: &str) -> Result<Arc<DataTableAttribute>> {
    let attribute = attributes(directory, table).find(|attribute| attribute.name == name).cloned();
    attribute.ok_or_else(|| Error::not_found("attribute of the data table", name))
}

/// The table's attributes, in the order of their identifiers.
pub(super) fn attributes<'d>(
    directory: &'d Directory,
    table: &Id,
) -> impl Iterator<Item = &'d Arc<DataTableAttribute>> {
    let ids = directory.referrers_of_kind(Kind::DataTable, table, Kind::DataTableAttribute);
    ids.filter_map(|id| directory.data_table_attributes.get(id))
}

/// The table's records that the caller may know of, in the order of their identifiers.
pub(super) fn visible_records<'d>(cx: &'d Read<'_>, table: &Id) -> impl Iterator<Item = &'d Arc<DataTableRecord>> {
    records(cx, table).filter(|record| cx.can_view(Kind::DataTableRecord, &record.id))
}

/// The table's records, in the order of their identifiers.
pub(super) fn records<'d>(directory: &'d Directory, table: &Id) -> impl Iterator<Item = &'d Arc<DataTableRecord>> {
    let ids = directory.referrers_of_kind(Kind::DataTable, table, Kind::DataTableRecord);
    ids.filter_map(|id| directory.data_table_records.get(id))
}
