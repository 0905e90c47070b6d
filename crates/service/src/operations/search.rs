//! What the searches have in common: trees of conditions, comparisons of text, filters by tag.
//!
//! Where a node of a tree has several of its members, all of them must hold. A list that is absent or empty asks for
//! nothing. A condition that says nothing is refused: it would hold for everything, and widen what was asked for.

use std::sync::Arc;

use lanyard_model::kind::Table;
use lanyard_model::{Stored, Tags};
use lanyard_wire::shapes::{
    ControlPlaneAttributeFilter, ControlPlaneTagFilter, StringComparisonType, StringCondition, TagCondition,
};

use crate::context::{InstanceState, Read};
use crate::error::{Error, Excerpt, Result};
use crate::operations::pages::Pages;

/// A node of a tree of conditions.
pub(crate) trait Criteria: Sized {
    /// Conditions of which one must hold.
    fn or(&self) -> Option<&[Self]>;
    /// Conditions of which all must hold.
    fn and(&self) -> Option<&[Self]>;
    /// A condition on a field.
    fn string(&self) -> Option<&StringCondition>;
    /// Whether it says nothing.
    fn is_empty(&self) -> bool;
}

/// Makes a structure of the API model, whose members are always called the same, a node of a tree.
macro_rules! criteria {
    ($criteria:ty) => {
        impl $crate::operations::search::Criteria for $criteria {
            fn or(&self) -> Option<&[Self]> {
                self.or_conditions.as_deref()
            }

            fn and(&self) -> Option<&[Self]> {
                self.and_conditions.as_deref()
            }

            fn string(&self) -> Option<&lanyard_wire::shapes::StringCondition> {
                self.string_condition.as_ref()
            }

            fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    };
}
pub(crate) use criteria;

/// The page of a search that a request asks for.
pub(crate) struct Asked<'a> {
    pub(crate) instance: &'a str,
    /// The criteria and the filter, in any form that differs when they do.
    pub(crate) query: &'a str,
    /// Whether there are neither criteria nor a filter.
    pub(crate) is_everything: bool,
    pub(crate) token: Option<&'a str>,
    pub(crate) max_results: Option<i32>,
    /// The longest page (the API model's bound).
    pub(crate) most: usize,
}

/// A page of a search.
pub(crate) struct Found<'a, T> {
    pub(crate) page: Vec<&'a Arc<T>>,
    pub(crate) next_token: Option<String>,
    /// How many there are on all pages.
    pub(crate) total: Option<i64>,
}

/// The page of those of a table that match.
pub(crate) fn page<'a, T: Stored>(
    cx: &'a Read<'_>,
    asked: &'a Asked<'a>,
    table: &'a Table<T>,
    matches: impl Fn(&T) -> bool,
) -> Result<Found<'a, T>> {
    let pages = Pages::new(cx, asked.instance, asked.query.as_bytes(), asked.token, asked.max_results, asked.most)?;
    let pages = pages.counted()?;
    // The first page counts; its token carries the number on.
    let total = match pages.total() {
        Some(total) => total,
        None if asked.is_everything && cx.visibility().is_none() => table.len(),
        None => table.iter().filter(|(id, it)| matches(it) && cx.can_view(T::KIND, id)).count(),
    };
    let (page, next_token) = pages.cut_counted(total, pages.rest(table).filter(|(_, it)| matches(it)), |(id, _)| id);
    Ok(Found { page: page.into_iter().map(|(_, it)| it).collect(), next_token, total: i64::try_from(total).ok() })
}

/// Refuses a tree in which a condition on a field is not complete, asks for a field that cannot be searched, or says
/// nothing.
pub(crate) fn check<C: Criteria>(criteria: Option<&C>, fields: &[&str]) -> Result<()> {
    let Some(criteria) = criteria else { return Ok(()) };
    each(criteria, &|node| node.string().map_or(Ok(()), |condition| check_string(condition, fields)))
}

/// Whether a tree, if there is one, holds, `string` saying whether a condition on a field does.
pub(crate) fn meets<C: Criteria>(criteria: Option<&C>, string: &dyn Fn(&StringCondition) -> bool) -> bool {
    criteria.is_none_or(|criteria| holds(criteria, &|node: &C| node.string().is_none_or(string)))
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

/// A filter by attributes, which are tags alone, as a filter by tags: some searches have it one structure deeper.
pub(crate) fn tag_filter(filter: &ControlPlaneAttributeFilter) -> ControlPlaneTagFilter {
    let any = filter.or_conditions.as_ref();
    ControlPlaneTagFilter {
        or_conditions: any.map(|list| list.iter().map(|it| it.tag_conditions.clone().unwrap_or_default()).collect()),
        and_conditions: filter.and_condition.as_ref().and_then(|it| it.tag_conditions.clone()),
        tag_condition: filter.tag_condition.clone(),
    }
}

/// A filter by tags in which every condition says something.
///
/// # Errors
/// When a condition has no key, or one of several lists of conditions is empty.
pub(crate) fn checked(filter: Option<&ControlPlaneTagFilter>) -> Result<Option<&ControlPlaneTagFilter>> {
    let Some(it) = filter else { return Ok(None) };
    check_tags(it.tag_condition.as_slice(), "TagCondition")?;
    check_tags(it.and_conditions.as_deref().unwrap_or_default(), "AndConditions")?;
    for (at, all) in it.or_conditions.iter().flatten().enumerate() {
        check_not_empty(all.is_empty(), &format!("OrConditions[{at}]"))?;
        check_tags(all, &format!("OrConditions[{at}]"))?;
    }
    Ok(filter)
}

/// Refuses conditions on tags of which one does not say which tag.
pub(crate) fn check_tags(conditions: &[TagCondition], member: &str) -> Result<()> {
    match conditions.iter().any(|condition| condition.tag_key.as_ref().is_none_or(String::is_empty)) {
        true => Err(Error::invalid_parameter(format!(
            "member `{member}` has a tag condition without `TagKey`, which is required"
        ))),
        false => Ok(()),
    }
}

/// Refuses a condition that says nothing.
pub(crate) fn check_not_empty(is_empty: bool, member: &str) -> Result<()> {
    match is_empty {
        true => {
            Err(Error::invalid_parameter(format!("member `{member}` has no condition; it would hold for everything")))
        }
        false => Ok(()),
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
    let Some(key) = &condition.tag_key else { return false };
    tags.get(key).is_some_and(|value| condition.tag_value.as_ref().is_none_or(|wanted| wanted == value))
}
