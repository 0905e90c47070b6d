//! Data tables, attributes and records in the shapes of the API. Empty members are left out.

use lanyard_model::resources::{
    DataTable, DataTableAttribute, DataTableRecord, DataTableValue, LockLevel, LockVersion, Validation, ValueType,
};
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes;

use super::grid::Grid;
use crate::context::InstanceState;
use crate::operations::members::{non_empty, timestamp};

pub(super) fn arn(cx: &impl InstanceState, table: &Id) -> String {
    cx.arn(&Key { kind: Kind::DataTable, id: table.clone() })
}

/// The answer to DescribeDataTable.
pub(super) fn table(cx: &impl InstanceState, it: &DataTable) -> shapes::DataTable {
    shapes::DataTable {
        name: Some(it.name.clone()),
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, &it.id)),
        time_zone: Some(it.time_zone.clone()),
        description: it.description.clone(),
        value_lock_level: Some(lock_level(it.value_lock_level)),
        lock_version: Some(lock(&Locked { table: Some(it.lock_version), ..Locked::default() })),
        version: None,
        version_description: None,
        status: Some(shapes::DataTableStatus::Published),
        created_time: Some(timestamp(it.created_time)),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
        tags: non_empty(&it.tags),
    }
}

/// A row of SearchDataTables: without versions, by the API's reference.
pub(super) fn search_row(cx: &impl InstanceState, it: &DataTable) -> shapes::DataTable {
    shapes::DataTable { lock_version: None, ..table(cx, it) }
}

/// A row of ListDataTables.
pub(super) fn summary(cx: &impl InstanceState, it: &DataTable) -> shapes::DataTableSummary {
    shapes::DataTableSummary {
        name: Some(it.name.clone()),
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, &it.id)),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// The answer to DescribeDataTableAttribute, and a row of ListDataTableAttributes.
pub(super) fn attribute(
    cx: &impl InstanceState,
    table: &DataTable,
    it: &DataTableAttribute,
) -> shapes::DataTableAttribute {
    shapes::DataTableAttribute {
        attribute_id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        value_type: Some(value_type(it.value_type)),
        description: it.description.clone(),
        data_table_id: Some(table.id.to_string()),
        data_table_arn: Some(arn(cx, &table.id)),
        primary: Some(it.primary),
        version: None,
        lock_version: Some(attribute_lock(table, it)),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
        validation: validation(&it.validation),
    }
}

/// The lock versions of the parts that a request was about; `None` for a part that does not exist, or that it was not
/// about.
#[derive(Clone, Copy, Default)]
pub(super) struct Locked {
    pub(super) table: Option<LockVersion>,
    pub(super) attribute: Option<LockVersion>,
    pub(super) record: Option<LockVersion>,
    pub(super) value: Option<LockVersion>,
}

pub(super) fn lock(it: &Locked) -> shapes::DataTableLockVersion {
    let text = |version: Option<LockVersion>| version.map(|version| version.0.to_string());
    shapes::DataTableLockVersion {
        data_table: text(it.table),
        attribute: text(it.attribute),
        primary_values: text(it.record),
        value: text(it.value),
    }
}

pub(super) fn attribute_lock(table: &DataTable, it: &DataTableAttribute) -> shapes::DataTableLockVersion {
    lock(&Locked { table: Some(table.lock_version), attribute: Some(it.lock_version), ..Locked::default() })
}

/// The primary values of a record, in the order of the attributes' names; none for the default record.
pub(super) fn primary_values(grid: &Grid, record: &DataTableRecord) -> Vec<shapes::PrimaryValueResponse> {
    let mut values: Vec<_> = grid
        .primaries()
        .filter_map(|attribute| {
            Some(shapes::PrimaryValueResponse {
                attribute_name: Some(attribute.name.clone()),
                attribute_id: Some(attribute.id.to_string()),
                value: Some(record.primary_values.get(&attribute.id)?.clone()),
            })
        })
        .collect();
    values.sort_by(|one, other| one.attribute_name.cmp(&other.attribute_name));
    values
}

/// A row of ListDataTablePrimaryValues.
pub(super) fn record(grid: &Grid, it: &DataTableRecord) -> shapes::RecordPrimaryValue {
    shapes::RecordPrimaryValue {
        record_id: Some(it.id.to_string()),
        primary_values: Some(primary_values(grid, it)),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// A row of ListDataTableValues.
pub(super) fn value(
    grid: &Grid,
    record: &DataTableRecord,
    attribute: &DataTableAttribute,
    it: &DataTableValue,
) -> shapes::DataTableValueSummary {
    shapes::DataTableValueSummary {
        record_id: Some(record.id.to_string()),
        attribute_id: Some(attribute.id.to_string()),
        primary_values: Some(primary_values(grid, record)),
        attribute_name: Some(attribute.name.clone()),
        value_type: Some(value_type(attribute.value_type)),
        value: Some(it.value.clone()),
        lock_version: Some(lock(&grid.locked(attribute, Some(record)))),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

fn lock_level(level: LockLevel) -> shapes::DataTableLockLevel {
    match level {
        LockLevel::None => shapes::DataTableLockLevel::None,
        LockLevel::DataTable => shapes::DataTableLockLevel::DataTable,
        LockLevel::PrimaryValue => shapes::DataTableLockLevel::PrimaryValue,
        LockLevel::Attribute => shapes::DataTableLockLevel::Attribute,
        LockLevel::Value => shapes::DataTableLockLevel::Value,
    }
}

pub(super) fn value_type(it: ValueType) -> shapes::DataTableAttributeValueType {
    match it {
        ValueType::Text => shapes::DataTableAttributeValueType::Text,
        ValueType::Number => shapes::DataTableAttributeValueType::Number,
        ValueType::Boolean => shapes::DataTableAttributeValueType::Boolean,
        ValueType::TextList => shapes::DataTableAttributeValueType::TextList,
        ValueType::NumberList => shapes::DataTableAttributeValueType::NumberList,
    }
}

fn validation(it: &Validation) -> Option<shapes::Validation> {
    if *it == Validation::default() {
        return None;
    }
    let listed = it.enum_values.is_some() || it.enum_strict.is_some();
    Some(shapes::Validation {
        min_length: it.min_length,
        max_length: it.max_length,
        min_values: it.min_values,
        max_values: it.max_values,
        ignore_case: it.ignore_case,
        minimum: it.minimum,
        maximum: it.maximum,
        exclusive_minimum: it.exclusive_minimum,
        exclusive_maximum: it.exclusive_maximum,
        multiple_of: it.multiple_of,
        r#enum: listed.then(|| shapes::ValidationEnum { strict: it.enum_strict, values: it.enum_values.clone() }),
    })
}
