//! Checks that creating and updating an attribute share.

use lanyard_model::resources::{DataTable, DataTableAttribute, MOST_PRIMARY_ATTRIBUTES, Validation, ValueType};
use lanyard_model::{Directory, Id};
use lanyard_wire::{ErrorKind, shapes};

use super::find;
use crate::error::{Error, Result};

pub(super) fn value_type(it: &shapes::DataTableAttributeValueType) -> ValueType {
    match it {
        shapes::DataTableAttributeValueType::Number => ValueType::Number,
        shapes::DataTableAttributeValueType::Boolean => ValueType::Boolean,
        shapes::DataTableAttributeValueType::TextList => ValueType::TextList,
        shapes::DataTableAttributeValueType::NumberList => ValueType::NumberList,
        _ => ValueType::Text,
    }
}

/// The rules as they are kept; refused when no value could meet them, or their list has an entry that is no value.
pub(super) fn validation(it: Option<&shapes::Validation>, value_type: ValueType) -> Result<Validation> {
    let Some(it) = it else { return Ok(Validation::default()) };
    let list = it.r#enum.as_ref();
    let rules = Validation {
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
        enum_values: list.and_then(|list| list.values.clone()),
        enum_strict: list.and_then(|list| list.strict),
    };
    match rules.contradiction(value_type) {
        Some(what) => Err(Error::invalid_parameter(format!("member `Validation` cannot be met: {what}"))),
        None => Ok(rules),
    }
}

/// The attribute of the table that has the name already, regardless of case, if it is not `own`.
pub(super) fn name_taken(directory: &Directory, table: &Id, name: &str, own: Option<&Id>) -> Option<String> {
    let lower = name.to_lowercase();
    let holder =
        find::attributes(directory, table).find(|it| it.name.to_lowercase() == lower && Some(&it.id) != own)?;
    Some(format!("the data table `{table}` has an attribute named `{}` already", holder.name))
}

/// Refuses another primary attribute where the table has as many as it may.
pub(super) fn check_primary_count(directory: &Directory, table: &Id) -> Result<()> {
    if find::attributes(directory, table).filter(|it| it.primary).count() < MOST_PRIMARY_ATTRIBUTES {
        return Ok(());
    }
    Err(Error::limit_exceeded(format!(
        "the data table `{table}` has {MOST_PRIMARY_ATTRIBUTES} primary attributes, as many as a table can have"
    )))
}

/// Refuses to change which attributes are primary while they identify records. The default record, which has no primary
/// values, does not prevent it unless it has a value for the attribute itself.
pub(super) fn check_primary_can_change(
    directory: &Directory,
    table: &DataTable,
    attribute: Option<&DataTableAttribute>,
) -> Result<()> {
    let in_the_way = find::records(directory, &table.id).any(|record| {
        !record.primary_values.is_empty() || attribute.is_some_and(|it| record.values.contains_key(&it.id))
    });
    if !in_the_way {
        return Ok(());
    }
    Err(conflict(format!(
        "the data table `{}` holds records; which of its attributes are primary can change when they are deleted",
        table.id
    )))
}

pub(super) fn conflict(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::ConflictException, message)
}
