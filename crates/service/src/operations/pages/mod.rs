//! Pages of lists and searches.
//!
//! A page ends with a token that carries the last key it showed, sealed together with account, region, instance,
//! operation and query. The next page continues after that key, regardless of changes in between: no resource that
//! stays is shown twice or left out.

mod requests;

use std::ops::Bound;
use std::sync::Arc;

use lanyard_model::kind::Table;
use lanyard_model::{Id, Stored};
use lanyard_wire::page_token::{self, SealingKey};

use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use lanyard_policy::VisibilityFilter;

pub(crate) use requests::PageRequest;

/// The length of a page when the request has none.
const DEFAULT_LENGTH: usize = 100;

/// The page that a request asks for.
pub(crate) struct Pages<'a> {
    key: Option<&'a SealingKey>,
    scope: page_token::Scope<'a>,
    after: Option<String>,
    length: usize,
    visibility: Option<&'a VisibilityFilter<'a>>,
    /// How many there are on all pages, where the first page has counted.
    total: Option<usize>,
}

impl<'a> Pages<'a> {
    /// The page that a request on an instance asks for. `query` is as in [`Self::new`].
    pub(crate) fn of<R: PageRequest>(cx: &'a Read<'_>, input: &'a R, query: &'a str) -> Result<Self> {
        Self::new(cx, input.instance_id(), query.as_bytes(), input.next_token(), input.max_results(), R::LONGEST)
    }

    /// The page of an operation on an instance. `query` is the rest of the request, in any form that differs when the
    /// request does: a token is valid only for the same request.
    pub(crate) fn new(
        cx: &'a Read<'_>,
        instance: &'a str,
        query: &'a [u8],
        token: Option<&str>,
        max_results: Option<i32>,
        most: usize,
    ) -> Result<Self> {
        let scope = page_token::Scope {
            account: &cx.call.scope.account,
            region: &cx.call.scope.region,
            instance,
            operation: cx.call().operation,
            query,
        };
        let pages = Self::in_scope(cx.page_key, scope, token, max_results, most)?;
        Ok(Self { visibility: cx.visibility(), ..pages })
    }

    /// The page of an operation that is not about one instance.
    pub(crate) fn in_scope(
        key: Option<&'a SealingKey>,
        scope: page_token::Scope<'a>,
        token: Option<&str>,
        max_results: Option<i32>,
        most: usize,
    ) -> Result<Self> {
        let after = match (token, key) {
            (None, _) => None,
            (Some(token), Some(key)) => Some(page_token::open(key, &scope, token).map_err(|_| foreign_token())?),
            (Some(_), None) => return Err(foreign_token()),
        };
        let wanted = max_results.and_then(|length| usize::try_from(length).ok());
        Ok(Self {
            key,
            scope,
            after,
            length: wanted.unwrap_or(DEFAULT_LENGTH).min(most),
            visibility: None,
            total: None,
        })
    }

    /// The page of a search, whose token carries how many there are on all pages: counting reads each.
    pub(crate) fn counted(self) -> Result<Self> {
        let Some(after) = &self.after else { return Ok(self) };
        let (total, last) = after.split_once(' ').ok_or_else(foreign_token)?;
        let total = Some(total.parse().map_err(|_| foreign_token())?);
        Ok(Self { after: Some(last.to_owned()), total, ..self })
    }

    /// How many there are on all pages, as the first page counted them; `None` on the first page.
    pub(crate) fn total(&self) -> Option<usize> {
        self.total
    }

    /// [`Self::cut`] for a search of which there are `total` on all pages.
    pub(crate) fn cut_counted<T>(
        &self,
        total: usize,
        rest: impl IntoIterator<Item = T>,
        id_of: impl FnOnce(&T) -> &Id,
    ) -> Rows<T> {
        self.cut(rest, |last| format!("{total} {}", id_of(last)))
    }

    /// The part of an ordered table that is still to be shown, of the resources that the caller may know of.
    pub(crate) fn rest<'t, T: Stored>(
        &self,
        table: &'t Table<T>,
    ) -> impl DoubleEndedIterator<Item = (&'t Id, &'t Arc<T>)> + use<'a, 't, T> {
        let start = match &self.after {
            Some(last) => Bound::Excluded(Id::new(last)),
            None => Bound::Unbounded,
        };
        let visibility = self.visibility;
        let is_visible = move |id: &Id| visibility.is_none_or(|visibility| visibility.can_list(T::KIND, id));
        table.range((start, Bound::Unbounded)).filter(move |(id, _)| is_visible(id))
    }

    /// The last key of the page before.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Takes a page from what is still to be shown, in the order of its keys, and the token of the next page if there
    /// is one.
    pub(crate) fn cut<T>(&self, rest: impl IntoIterator<Item = T>, key_of: impl FnOnce(&T) -> String) -> Rows<T> {
        let mut rest = rest.into_iter();
        let page: Vec<T> = rest.by_ref().take(self.length).collect();
        let token = match (rest.next(), page.last(), self.key) {
            (Some(_), Some(last), Some(key)) => Some(page_token::seal(key, &self.scope, &key_of(last))),
            _ => None,
        };
        (page, token)
    }

    /// [`Self::cut`] for a short list that has no table: the items in the order of their keys.
    pub(crate) fn cut_list<T>(&self, items: impl IntoIterator<Item = (String, T)>) -> Rows<T> {
        let mut items: Vec<(String, T)> =
            items.into_iter().filter(|(key, _)| self.after().is_none_or(|after| key.as_str() > after)).collect();
        items.sort_by(|(one, _), (other, _)| one.cmp(other));
        let (page, token) = self.cut(items, |(key, _)| key.clone());
        (page.into_iter().map(|(_, item)| item).collect(), token)
    }
}

/// The rows of a page, and the token of the next page if there is one.
pub(crate) type Rows<S> = (Vec<S>, Option<String>);

/// A page of the resources of a table that the caller may know of, in the order of their identifiers.
pub(crate) fn of_table<T: Stored, S>(
    cx: &Read<'_>,
    input: &impl PageRequest,
    table: &Table<T>,
    row: impl FnMut(&T) -> S,
) -> Result<Rows<S>> {
    of_filtered(cx, input, "", table, |_| true, row)
}

/// [`of_table`], of the resources that pass a filter. `query` is the filter as text, as in [`Pages::new`].
pub(crate) fn of_filtered<T: Stored, S>(
    cx: &Read<'_>,
    input: &impl PageRequest,
    query: &str,
    table: &Table<T>,
    passes: impl Fn(&T) -> bool,
    mut row: impl FnMut(&T) -> S,
) -> Result<Rows<S>> {
    let pages = Pages::of(cx, input, query)?;
    let (page, next_token) = pages.cut(pages.rest(table).filter(|(_, it)| passes(it)), |(id, _)| id.to_string());
    Ok((page.into_iter().map(|(_, it)| row(it)).collect(), next_token))
}

/// A page of items that have no table, in the order of their keys. `query` is as in [`Pages::new`].
pub(crate) fn of_items<T, S>(
    cx: &Read<'_>,
    input: &impl PageRequest,
    query: &str,
    items: impl IntoIterator<Item = (String, T)>,
    row: impl FnMut(T) -> S,
) -> Result<Rows<S>> {
    let (page, next_token) = Pages::of(cx, input, query)?.cut_list(items);
    Ok((page.into_iter().map(row).collect(), next_token))
}

fn foreign_token() -> Error {
    Error::invalid_parameter(
        "member `NextToken` is not a token that this request was answered with; start again without it",
    )
}
