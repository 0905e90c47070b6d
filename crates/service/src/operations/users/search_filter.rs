//! The filter of SearchUsers: by tags, or by tags and hierarchy groups.

use lanyard_model::Kind;
use lanyard_model::resources::User;
use lanyard_wire::ErrorKind;
use lanyard_wire::shapes::{
    AttributeAndCondition, ControlPlaneUserAttributeFilter, HierarchyGroupCondition, HierarchyGroupMatchType,
    UserSearchFilter,
};

use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::{ids, search};

/// Refuses a filter that has two forms at once, or a condition that is not complete. The kinds of error are as the
/// service documents them.
pub(super) fn check(filter: &UserSearchFilter) -> Result<()> {
    search::checked(filter.tag_filter.as_ref())?;
    let Some(attributes) = &filter.user_attribute_filter else { return Ok(()) };
    if filter.tag_filter.is_some() {
        return Err(Error::new(
            ErrorKind::AccessDeniedException,
            "member `SearchFilter` has both `TagFilter` and `UserAttributeFilter`, only one of them is allowed",
        ));
    }
    let ControlPlaneUserAttributeFilter { or_conditions, and_condition, tag_condition, hierarchy_group_condition } =
        attributes;
    let given = [
        or_conditions.is_some(),
        and_condition.is_some(),
        tag_condition.is_some(),
        hierarchy_group_condition.is_some(),
    ];
    if given.into_iter().filter(|given| *given).count() > 1 {
        return Err(Error::invalid_parameter(
            "member `SearchFilter.UserAttributeFilter` has more than one of `OrConditions`, `AndCondition`, \
             `TagCondition` and `HierarchyGroupCondition`, only one is allowed",
        ));
    }
    search::check_tags(tag_condition.as_slice(), "TagCondition")?;
    for (at, condition) in or_conditions.iter().flatten().enumerate() {
        check_and(condition, &format!("OrConditions[{at}]"))?;
    }
    if let Some(condition) = and_condition {
        check_and(condition, "AndCondition")?;
    }
    let nested = or_conditions.iter().flatten().chain(and_condition);
    let nested = nested.filter_map(|condition| condition.hierarchy_group_condition.as_ref());
    nested.chain(hierarchy_group_condition).try_for_each(check_group)
}

/// Refuses a condition that is empty, or has a tag condition without a key.
fn check_and(condition: &AttributeAndCondition, member: &str) -> Result<()> {
    let tags = condition.tag_conditions.as_deref().unwrap_or_default();
    search::check_not_empty(tags.is_empty() && condition.hierarchy_group_condition.is_none(), member)?;
    search::check_tags(tags, member)
}

/// Refuses a condition that is not complete.
pub(super) fn check_group(condition: &HierarchyGroupCondition) -> Result<()> {
    let missing = |member| Error::invalid_parameter(format!("member `HierarchyGroupCondition.{member}` is required"));
    condition.value.as_ref().ok_or_else(|| missing("Value"))?;
    condition.hierarchy_group_match_type.as_ref().ok_or_else(|| missing("HierarchyGroupMatchType"))?;
    Ok(())
}

/// Whether a user passes a filter that passed [`check`].
pub(super) fn passes(cx: &Read<'_>, filter: &UserSearchFilter, user: &User) -> bool {
    filter.tag_filter.as_ref().is_none_or(|filter| search::tags_pass(filter, &user.tags))
        && filter.user_attribute_filter.as_ref().is_none_or(|filter| attributes_pass(cx, filter, user))
}

fn attributes_pass(cx: &Read<'_>, filter: &ControlPlaneUserAttributeFilter, user: &User) -> bool {
    let all = |condition: &AttributeAndCondition| and_holds(cx, condition, user);
    let any = |conditions: &Vec<AttributeAndCondition>| conditions.is_empty() || conditions.iter().any(all);
    filter.or_conditions.as_ref().is_none_or(any)
        && filter.and_condition.as_ref().is_none_or(all)
        && filter.tag_condition.as_ref().is_none_or(|tag| search::tags_hold(std::slice::from_ref(tag), &user.tags))
        && filter.hierarchy_group_condition.as_ref().is_none_or(|condition| group_holds(cx, condition, user))
}

fn and_holds(cx: &Read<'_>, condition: &AttributeAndCondition, user: &User) -> bool {
    condition.tag_conditions.as_ref().is_none_or(|tags| search::tags_hold(tags, &user.tags))
        && condition.hierarchy_group_condition.as_ref().is_none_or(|group| group_holds(cx, group, user))
}

/// Whether the user is in the group, or, where the condition takes them in, in one below it. A group that does not
/// exist, or that the caller may not know of, has no members.
pub(super) fn group_holds(cx: &Read<'_>, condition: &HierarchyGroupCondition, user: &User) -> bool {
    let Some(held) = &user.hierarchy_group_id else { return false };
    let group_id = ids::id(cx, Kind::HierarchyGroup, condition.value.as_deref().unwrap_or_default());
    if !cx.can_view(Kind::HierarchyGroup, &group_id) {
        return false;
    }
    match &condition.hierarchy_group_match_type {
        Some(HierarchyGroupMatchType::WithChildGroups) => {
            cx.hierarchy_groups.get(held).is_some_and(|group| group.is_within(&group_id))
        }
        _ => *held == group_id,
    }
}
