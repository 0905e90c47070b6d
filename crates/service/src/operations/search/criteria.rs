//! Trees of conditions on fields, and comparisons of text.

use lanyard_model::Id;
use lanyard_wire::shapes::{StringComparisonType, StringCondition};

use crate::error::{Error, Excerpt, Result};

/// A node of a tree of conditions.
pub(crate) trait Criteria: Sized {
    /// Conditions of which one must hold.
    fn or(&self) -> Option<&[Self]>;
    /// Conditions of which all must hold.
    fn and(&self) -> Option<&[Self]>;
    /// A condition on a field.
    fn string(&self) -> Option<&StringCondition>;
    /// Whether it has no condition.
    fn is_empty(&self) -> bool;
}

/// Refuses a tree in which a condition on a field is not complete, asks for a field that cannot be searched, or is
/// empty.
pub(crate) fn check<C: Criteria>(criteria: Option<&C>, fields: &[&str]) -> Result<()> {
    let Some(criteria) = criteria else { return Ok(()) };
    each(criteria, &|node| node.string().map_or(Ok(()), |condition| check_string(condition, fields)))
}

/// Whether a tree holds. `leaf` returns whether the other members of one node do.
pub(crate) fn holds<C: Criteria>(criteria: &C, leaf: &dyn Fn(&C) -> bool) -> bool {
    let some = |list: &[C]| list.is_empty() || list.iter().any(|each| holds(each, leaf));
    let all = |list: &[C]| list.iter().all(|each| holds(each, leaf));
    leaf(criteria) && criteria.or().is_none_or(some) && criteria.and().is_none_or(all)
}

/// Calls `check` with every node of a tree, so that a faulty one is refused even where it would not be reached.
pub(crate) fn each<C: Criteria>(criteria: &C, check: &dyn Fn(&C) -> Result<()>) -> Result<()> {
    check(criteria)?;
    for (name, list) in [("OrConditions", criteria.or()), ("AndConditions", criteria.and())] {
        for (at, node) in list.unwrap_or_default().iter().enumerate() {
            check_not_empty(node.is_empty(), &format!("{name}[{at}]"))?;
            each(node, check)?;
        }
    }
    Ok(())
}

/// How long the value of `CONTAINS` may be, in characters (`docs/evidence`, quota Q4).
const CONTAINS_LENGTH: std::ops::RangeInclusive<usize> = 2..=25;

/// Refuses a condition that is not complete, or asks for a field that cannot be searched.
pub(crate) fn check_string(condition: &StringCondition, fields: &[&str]) -> Result<()> {
    let missing = |member| Error::invalid_parameter(format!("member `StringCondition.{member}` is required"));
    let field = condition.field_name.as_deref().ok_or_else(|| missing("FieldName"))?;
    if !fields.contains(&field) {
        return Err(Error::invalid_parameter(format!(
            "member `StringCondition.FieldName` has value `{}`, must be one of {}",
            Excerpt(field),
            fields.join(", ")
        )));
    }
    let value = condition.value.as_deref().ok_or_else(|| missing("Value"))?;
    let comparison = condition.comparison_type.as_ref().ok_or_else(|| missing("ComparisonType"))?;
    let length = value.chars().count();
    if *comparison == StringComparisonType::Contains && !CONTAINS_LENGTH.contains(&length) {
        return Err(Error::invalid_parameter(format!(
            "member `StringCondition.Value` has length {length}, CONTAINS takes {} to {} characters",
            CONTAINS_LENGTH.start(),
            CONTAINS_LENGTH.end()
        )));
    }
    Ok(())
}

/// Whether a condition that passed [`check_string`] holds for `text`. `EXACT` compares as written, the others regardless
/// of case.
pub(crate) fn string_holds(condition: &StringCondition, text: &str) -> bool {
    let value = condition.value.as_deref().unwrap_or_default();
    match &condition.comparison_type {
        Some(StringComparisonType::StartsWith) => text.to_lowercase().starts_with(&value.to_lowercase()),
        Some(StringComparisonType::Contains) => text.to_lowercase().contains(&value.to_lowercase()),
        _ => text == value,
    }
}

/// Refuses an empty condition.
pub(crate) fn check_not_empty(is_empty: bool, member: &str) -> Result<()> {
    match is_empty {
        true => {
            Err(Error::invalid_parameter(format!("member `{member}` has no condition; it would hold for everything")))
        }
        false => Ok(()),
    }
}

/// The fields that most searches have.
pub(crate) const COMMON_FIELDS: &[&str] = &["name", "description", "resourceID"];

/// Whether a condition on one of [`COMMON_FIELDS`] holds. A resource without a description meets no condition on it.
pub(crate) fn common_field_holds(condition: &StringCondition, name: &str, description: Option<&str>, id: &Id) -> bool {
    match condition.field_name.as_deref() {
        Some("description") => description.is_some_and(|it| string_holds(condition, it)),
        Some("resourceID") => string_holds(condition, &id.to_string()),
        _ => string_holds(condition, name),
    }
}
