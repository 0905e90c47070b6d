//! Lists that can be of chosen resources: those whose identifiers a request gives.
//!
//! By the API's reference the identifiers are ignored next to a page token, so the token carries them.

use crate::context::Read;
use crate::error::{Error, Result};
use crate::operations::pages::{PageRequest, Pages, Rows};

/// A page of a list of chosen resources.
pub(super) struct Listing<'a> {
    pages: Pages<'a>,
    chosen: Option<Vec<String>>,
    after: Option<String>,
}

impl<'a> Listing<'a> {
    /// The page that a request asks for. `query` is the rest of the request, without the identifiers.
    pub(super) fn new<R: PageRequest>(
        cx: &'a Read<'_>,
        input: &'a R,
        query: &'a str,
        chosen: Option<&Vec<String>>,
    ) -> Result<Self> {
        let pages = Pages::of(cx, input, query)?;
        let (chosen, after) = match pages.after() {
            None => (chosen.filter(|ids| !ids.is_empty()).cloned(), None),
            Some(text) => {
                let portable = serde_json::from_str(text);
                let (chosen, after) =
                    portable.map_err(|error| Error::internal(format!("a page token of ours: {error}")))?;
                (chosen, Some(after))
            }
        };
        Ok(Self { pages, chosen, after })
    }

    /// Whether the resource of this identifier is asked for.
    pub(super) fn has(&self, id: &str) -> bool {
        self.chosen.as_ref().is_none_or(|ids| ids.iter().any(|chosen| chosen == id))
    }

    /// Takes a page of what is left of items, which are in the order of the keys that they are given with.
    pub(super) fn cut<T>(&self, items: impl IntoIterator<Item = (String, T)>) -> Rows<T> {
        let rest = items.into_iter().filter(|(key, _)| self.after.as_ref().is_none_or(|after| key > after));
        let portable = |(key, _): &(String, T)| serde_json::json!([self.chosen, key]).to_string();
        let (page, token) = self.pages.cut(rest, portable);
        (page.into_iter().map(|(_, item)| item).collect(), token)
    }
}
