//! Filters by tag.

use lanyard_model::Tags;
use lanyard_wire::shapes::{ControlPlaneAttributeFilter, ControlPlaneTagFilter, TagCondition};

use super::criteria::check_not_empty;
use crate::error::{Error, Result};

/// A filter by attributes, which are only tags, as a filter by tags: some searches have it one structure deeper.
pub(crate) fn tag_filter(filter: &ControlPlaneAttributeFilter) -> ControlPlaneTagFilter {
    let any = filter.or_conditions.as_ref();
    ControlPlaneTagFilter {
        or_conditions: any.map(|list| list.iter().map(|it| it.tag_conditions.clone().unwrap_or_default()).collect()),
        and_conditions: filter.and_condition.as_ref().and_then(|it| it.tag_conditions.clone()),
        tag_condition: filter.tag_condition.clone(),
    }
}

/// Checks that no condition of a filter by tags is empty.
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

/// Refuses conditions on tags of which one has no key.
pub(crate) fn check_tags(conditions: &[TagCondition], member: &str) -> Result<()> {
    match conditions.iter().any(|condition| condition.tag_key.as_ref().is_none_or(String::is_empty)) {
        true => Err(Error::invalid_parameter(format!(
            "member `{member}` has a tag condition without `TagKey`, which is required"
        ))),
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
