//! The end of a list that a service would never end.

use std::collections::BTreeSet;
use std::fmt;

/// The most pages of one list. Lanyard's pages and Amazon's have up to 1,000 items.
const PAGES: usize = 20_000;
/// The most items of one list. An instance of Amazon Connect has a few hundred thousand people at most.
const ITEMS: usize = 5_000_000;
/// The most bytes of the page tokens of one list.
const TOKEN_BYTES: usize = 64 << 20;

/// Counts the pages of one list, and remembers their tokens.
#[derive(Clone, Debug, Default)]
pub struct ListBound {
    pages: usize,
    items: usize,
    token_bytes: usize,
    tokens: BTreeSet<String>,
}

/// A list that does not end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndlessList {
    /// A page token came a second time, so that the same pages would follow again.
    RepeatedToken {
        /// The number of pages before.
        pages: usize,
    },
    /// The list is longer than any that a service has.
    TooLong {
        /// The number of pages.
        pages: usize,
        /// The number of items.
        items: usize,
    },
}

impl fmt::Display for EndlessList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepeatedToken { pages } => {
                write!(
                    f,
                    "the list does not end: after {pages} pages the service answered with a page token a second time"
                )
            }
            Self::TooLong { pages, items } => {
                write!(f, "the list does not end: it has {items} items on {pages} pages, and more follow")
            }
        }
    }
}

impl std::error::Error for EndlessList {}

impl ListBound {
    /// Takes a page of so many items and the token of the next page.
    ///
    /// # Errors
    /// The list repeats itself, or is longer than any that a service has.
    pub fn page(&mut self, items: usize, next: Option<&str>) -> Result<(), EndlessList> {
        self.pages += 1;
        self.items = self.items.saturating_add(items);
        let Some(token) = next else { return Ok(()) };
        self.token_bytes = self.token_bytes.saturating_add(token.len());
        if self.pages >= PAGES || self.items >= ITEMS || self.token_bytes >= TOKEN_BYTES {
            return Err(EndlessList::TooLong { pages: self.pages, items: self.items });
        }
        if !self.tokens.insert(token.to_owned()) {
            return Err(EndlessList::RepeatedToken { pages: self.pages });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_comes_again_ends_the_list() {
        let mut bound = ListBound::default();
        assert_eq!(bound.page(10, Some("a")), Ok(()));
        assert_eq!(bound.page(10, Some("b")), Ok(()));
        assert_eq!(bound.page(10, Some("a")), Err(EndlessList::RepeatedToken { pages: 3 }));
    }

    #[test]
    fn ever_new_tokens_end_too() {
        let mut bound = ListBound::default();
        let last = (1..).find_map(|page| bound.page(0, Some(&page.to_string())).err());
        assert_eq!(last, Some(EndlessList::TooLong { pages: PAGES, items: 0 }));
        let mut bound = ListBound::default();
        assert!(bound.page(ITEMS, Some("a")).is_err());
        assert_eq!(ListBound::default().page(ITEMS, None), Ok(()));
    }
}
