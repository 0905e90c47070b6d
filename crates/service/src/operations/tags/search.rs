//! Tags searched.

use std::collections::BTreeSet;

use lanyard_model::Kind;
use lanyard_wire::shapes::{
    SearchResourceTagsRequest, SearchResourceTagsResponse, StringComparisonType, StringCondition, TagSearchCondition,
    TagSet,
};

use crate::context::{InstanceState, Read};
use crate::error::{Error, Excerpt, Result};
use crate::operations::pages::Pages;
use crate::operations::search;

/// Types that the API reference lists and whose resources Lanyard does not keep: they have no tags.
const NOT_KEPT: &[&str] = &["agent-state", "contact-flow", "metric", "prompt"];

/// The tags that resources of the types carry, each once, in the order of keys and values.
pub(crate) fn search_resource_tags(
    cx: &Read<'_>,
    input: &SearchResourceTagsRequest,
) -> Result<SearchResourceTagsResponse> {
    let types = input.resource_types.as_deref().unwrap_or_default();
    types.iter().try_for_each(|name| check_type(name))?;
    let condition = input.search_criteria.as_ref().and_then(|criteria| criteria.tag_search_condition.as_ref());
    let (key, value) = condition.map(conditions).transpose()?.unwrap_or_default();
    let holds = |condition: &Option<StringCondition>, text: &str| {
        condition.as_ref().is_none_or(|condition| search::string_holds(condition, text))
    };
    let query = format!("{types:?} {:?}", input.search_criteria);
    let pages = Pages::of(cx, input, &query)?;
    let mut tags = BTreeSet::new();
    for resource in cx.iter().filter(|it| is_wanted(it.kind(), types)) {
        if !cx.can_view(resource.kind(), &resource.id()) {
            continue;
        }
        let portable = resource.tags().into_iter().flatten();
        tags.extend(
            portable
                .filter(|(name, text)| holds(&key, name) && holds(&value, text))
                .map(|(name, text)| (name.clone(), text.clone())),
        );
    }
    // A key cannot hold the control character, so that no two tags make the same text.
    let (page, next_token) = pages.cut_list(tags.into_iter().map(|tag| (format!("{}\0{}", tag.0, tag.1), tag)));
    let set = |(key, value)| TagSet { key: Some(key), value: Some(value) };
    Ok(SearchResourceTagsResponse { tags: Some(page.into_iter().map(set).collect()), next_token })
}

/// Whether the kind is one of the types, of which none asks for all.
fn is_wanted(kind: Kind, types: &[String]) -> bool {
    kind.tag_search_type().is_some_and(|name| types.is_empty() || types.iter().any(|wanted| wanted == name))
}

fn check_type(name: &str) -> Result<()> {
    let mut known: Vec<&str> = Kind::ALL.iter().filter_map(|kind| kind.tag_search_type()).collect();
    known.extend(NOT_KEPT);
    if known.contains(&name) {
        return Ok(());
    }
    known.sort_unstable();
    Err(Error::invalid_parameter(format!(
        "member `ResourceTypes` has value `{}`, must be one of {}",
        Excerpt(name),
        known.join(", ")
    )))
}

/// The conditions on keys and on values.
fn conditions(it: &TagSearchCondition) -> Result<(Option<StringCondition>, Option<StringCondition>)> {
    Ok((
        condition("tagKey", it.tag_key.as_ref(), it.tag_key_comparison_type.as_ref())?,
        condition("tagValue", it.tag_value.as_ref(), it.tag_value_comparison_type.as_ref())?,
    ))
}

fn condition(
    member: &str,
    value: Option<&String>,
    comparison: Option<&StringComparisonType>,
) -> Result<Option<StringCondition>> {
    match (value, comparison) {
        (None, None) => Ok(None),
        (Some(value), Some(comparison)) => Ok(Some(StringCondition {
            field_name: None,
            value: Some(value.clone()),
            comparison_type: Some(comparison.clone()),
        })),
        _ => Err(Error::invalid_parameter(format!(
            "members `{member}` and `{member}ComparisonType` of `TagSearchCondition` need each other, one is missing"
        ))),
    }
}
