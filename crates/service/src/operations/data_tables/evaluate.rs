//! Values evaluated.
//!
//! A value is always answered, and always of its attribute's type, in the order that `docs/evidence`, D19, gives: the
//! record's, the default record's, the type's. Expressions are not evaluated: the next value in that order is answered
//! instead, marked as an error.

use lanyard_model::resources::DataTableAttribute;
use lanyard_wire::shapes::{
    DataTableEvaluatedValue, DataTableValueEvaluationSet, EvaluateDataTableValuesRequest,
    EvaluateDataTableValuesResponse,
};

use super::grid::Grid;
use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::hours_of_operation::checks::time_zone;
use crate::operations::pages;

/// The values asked for, in the order of the request.
pub(crate) fn evaluate_data_table_values(
    cx: &Read<'_>,
    input: &EvaluateDataTableValuesRequest,
) -> Result<EvaluateDataTableValuesResponse> {
    let grid = Grid::visible(cx, &input.data_table_id)?;
    input.time_zone.as_deref().map(time_zone).transpose()?;
    let mut evaluated = Vec::new();
    for set in &input.values {
        for name in &set.attribute_names {
            evaluated.push(evaluate(&grid, set, name)?);
        }
    }
    let query = format!("{} {:?} {:?}", grid.table.id, input.values, input.time_zone);
    let numbered = evaluated.into_iter().enumerate().map(|(place, value)| (format!("{place:010}"), value));
    let (values, next_token) = pages::of_items(cx, input, &query, numbered, |value| value)?;
    Ok(EvaluateDataTableValuesResponse { values: Some(values), next_token })
}

fn evaluate(grid: &Grid, set: &DataTableValueEvaluationSet, name: &str) -> Result<DataTableEvaluatedValue> {
    let attribute = grid.named(name)?;
    let named = set.primary_values.clone().unwrap_or_default();
    let primary_values = grid.primary_values(&named)?;
    let record = grid.record(&primary_values);
    let own = record.and_then(|record| match attribute.primary {
        true => record.primary_values.get(&attribute.id),
        false => record.values.get(&attribute.id).map(|it| &it.value),
    });
    let default = grid.default_record().and_then(|record| record.values.get(&attribute.id)).map(|it| &it.value);
    let (value, error) = resolve(attribute, own, default);
    Ok(DataTableEvaluatedValue {
        record_id: Some(record.map_or(&grid.table.default_record_id, |record| &record.id).to_string()),
        primary_values: Some(named),
        attribute_name: Some(attribute.name.clone()),
        value_type: Some(view::value_type(attribute.value_type)),
        found: Some(own.is_some()),
        error: Some(error),
        evaluated_value: Some(value.to_owned()),
    })
}

/// The value, and whether one that there is could not be evaluated: an expression, or a literal that was written when the
/// attribute had another type.
fn resolve<'v>(
    attribute: &DataTableAttribute,
    own: Option<&'v String>,
    default: Option<&'v String>,
) -> (&'v str, bool) {
    let is_plain = |value: &str| {
        attribute.value_type.fits(value) && (attribute.primary || !attribute.value_type.is_expression(value))
    };
    let mut error = false;
    for value in [own, default].into_iter().flatten() {
        if is_plain(value) {
            return (value, error);
        }
        error = true;
    }
    (attribute.value_type.default_value(), error)
}
