//! The searches: a page of the resources that meet a tree of conditions and pass a filter.
//!
//! Where a node of a tree has several of its members, all of them must hold. A list that is absent or empty has no
//! effect. An empty condition is refused: it would hold for everything, and widen the search.

mod criteria;
mod requests;
mod tags;

use std::sync::Arc;

use lanyard_model::Stored;
use lanyard_model::kind::Table;
use lanyard_wire::shapes::StringCondition;

use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;

use criteria::Criteria;
pub(crate) use criteria::{
    COMMON_FIELDS, check_not_empty, check_string, common_field_holds, each, holds, string_holds,
};
pub(crate) use requests::SearchRequest;
use requests::TagsOnly;
pub(crate) use tags::{check_tags, checked, tags_hold, tags_pass};

/// A page of a search.
pub(crate) struct SearchPage<'a, T> {
    page: Vec<&'a Arc<T>>,
    pub(crate) next_token: Option<String>,
    /// How many there are on all pages.
    pub(crate) total: Option<i64>,
}

impl<T> SearchPage<'_, T> {
    /// The rows of the page.
    pub(crate) fn rows<S>(&self, mut row: impl FnMut(&T) -> S) -> Option<Vec<S>> {
        Some(self.page.iter().map(|it| row(it)).collect())
    }
}

/// The page of those of a table whose fields meet the criteria, and whose tags pass the filter. `holds` returns whether
/// a condition on one of `fields` does.
///
/// # Errors
/// When a condition is not complete, asks for another field, or is empty.
pub(crate) fn by_fields<'t, R: SearchRequest<Filter: TagsOnly>, T: Stored>(
    cx: &Read<'_>,
    input: &R,
    fields: &[&str],
    table: &'t Table<T>,
    holds: impl Fn(&StringCondition, &T) -> bool,
) -> Result<SearchPage<'t, T>> {
    let node_holds = |node: &R::Criteria, it: &T| node.string().is_none_or(|condition| holds(condition, it));
    by_criteria(cx, input, fields, table, node_holds)
}

/// [`by_fields`], where a node of the criteria has more than a condition on a field. `node_holds` returns whether a
/// node does, its children aside.
pub(crate) fn by_criteria<'t, R: SearchRequest<Filter: TagsOnly>, T: Stored>(
    cx: &Read<'_>,
    input: &R,
    fields: &[&str],
    table: &'t Table<T>,
    node_holds: impl Fn(&R::Criteria, &T) -> bool,
) -> Result<SearchPage<'t, T>> {
    criteria::check(input.criteria(), fields)?;
    let tags = input.filter().and_then(TagsOnly::tags);
    checked(tags.as_deref())?;
    page(cx, input, table, |it| {
        input.criteria().is_none_or(|tree| holds(tree, &|node| node_holds(node, it)))
            && tags.as_deref().is_none_or(|filter| it.tags().is_some_and(|tags| tags_pass(filter, tags)))
    })
}

/// The page of those of a table that match.
pub(crate) fn page<'t, R: SearchRequest, T: Stored>(
    cx: &Read<'_>,
    input: &R,
    table: &'t Table<T>,
    matches: impl Fn(&T) -> bool,
) -> Result<SearchPage<'t, T>> {
    let query = format!("{:?} {:?}", input.criteria(), input.filter());
    let is_everything = input.criteria().is_none() && input.filter().is_none();
    let pages = Pages::of(cx, input, &query)?.counted()?;
    // The first page counts; its token carries the number on.
    let total = match pages.total() {
        Some(total) => total,
        None if is_everything && cx.visibility().is_none() => table.len(),
        None => table.iter().filter(|(id, it)| matches(it) && cx.can_view(T::KIND, id)).count(),
    };
    let (page, next_token) = pages.cut_counted(total, pages.rest(table).filter(|(_, it)| matches(it)), |(id, _)| id);
    Ok(SearchPage { page: page.into_iter().map(|(_, it)| it).collect(), next_token, total: i64::try_from(total).ok() })
}
