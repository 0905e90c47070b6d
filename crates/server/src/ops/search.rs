//! What the searches have in common: trees of conditions, comparisons of text, filters by tag.
//!
//! Where a node of a tree has several of its members, all of them must hold; an empty list, like an absent one, asks for
//! nothing.

use lanyard_model::Tags;
use lanyard_wire::shapes::{ControlPlaneTagFilter, StringComparisonType, StringCondition, TagCondition};

use crate::error::{Error, Excerpt, Result};

/// A node of a tree of conditions.
pub(crate) trait Criteria: Sized {
    /// Conditions of which one must hold.
    fn or(&self) -> Option<&[Self]>;
    /// Conditions of which all must hold.
    fn and(&self) -> Option<&[Self]>;
}

/// Whether a tree holds, `leaf` saying whether the other members of one node do.
pub(crate) fn holds<C: Criteria>(criteria: &C, leaf: &dyn Fn(&C) -> bool) -> bool {
    let some = |list: &[C]| list.is_empty() || list.iter().any(|each| holds(each, leaf));
    let all = |list: &[C]| list.iter().all(|each| holds(each, leaf));
    leaf(criteria) && criteria.or().is_none_or(some) && criteria.and().is_none_or(all)
}

/// Calls `check` with every node of a tree, so that a faulty one is refused even where it would not be reached.
pub(crate) fn each<C: Criteria>(criteria: &C, check: &dyn Fn(&C) -> Result<()>) -> Result<()> {
    check(criteria)?;
    for list in [criteria.or(), criteria.and()].into_iter().flatten() {
        list.iter().try_for_each(|node| each(node, check))?;
    }
    Ok(())
}

/// How long the value of `CONTAINS` may be, in characters (`facts/access-semantics`, quota Q4).
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

/// Whether a resource's tags pass a filter.
pub(crate) fn tags_pass(filter: &ControlPlaneTagFilter, tags: &Tags) -> bool {
    let all = |conditions: &Vec<TagCondition>| tags_hold(conditions, tags);
    filter.tag_condition.as_ref().is_none_or(|condition| tag_holds(condition, tags))
        && filter.and_conditions.as_ref().is_none_or(all)
        && filter.or_conditions.as_ref().is_none_or(|any| any.is_empty() || any.iter().any(all))
}

/// Whether all of the conditions hold for a resource's tags.
pub(crate) fn tags_hold(conditions: &[TagCondition], tags: &Tags) -> bool {
    conditions.iter().all(|condition| tag_holds(condition, tags))
}

/// Whether one tag is there: with the value, or with any when the condition has none.
fn tag_holds(condition: &TagCondition, tags: &Tags) -> bool {
    let Some(key) = &condition.tag_key else { return true };
    tags.get(key).is_some_and(|value| condition.tag_value.as_ref().is_none_or(|wanted| wanted == value))
}
