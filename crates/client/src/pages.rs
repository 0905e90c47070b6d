//! Lists that are answered in pages, one page at a time.

use lanyard_wire::{Input, Operation};

use crate::{Client, Error, ListBound};

/// The input of an operation that answers a list in pages.
pub trait Paged: Input<Operation = Operation> {
    /// An item of the list.
    type Item;

    /// Sets the token of the page to request; for the first without one.
    fn start_at(&mut self, token: Option<String>);

    /// The items of a page, and the token of the next one, if there is one.
    fn take_page(output: Self::Output) -> (Vec<Self::Item>, Option<String>);
}

/// The pages of a list; each is requested when it is needed, and none is kept.
pub struct Pages<'c, I> {
    client: &'c Client,
    input: I,
    bound: ListBound,
    has_more: bool,
}

impl<'c, I: Paged> Pages<'c, I> {
    pub(crate) fn new(client: &'c Client, input: I) -> Self {
        Self { client, input, bound: ListBound::default(), has_more: true }
    }

    /// The next page, which may be empty although more follow; `None` after the last.
    ///
    /// # Errors
    /// See [`Client::call`]; then the same page can be requested again. The list does not end.
    pub async fn next_page(&mut self) -> Result<Option<Vec<I::Item>>, Error> {
        if !self.has_more {
            return Ok(None);
        }
        let (items, next) = I::take_page(self.client.call(&self.input).await?);
        self.bound.page(items.len(), next.as_deref()).map_err(|endless| Error::endless(I::OPERATION, &endless))?;
        self.has_more = next.is_some();
        self.input.start_at(next);
        Ok(Some(items))
    }

    /// Every item that is left, at once.
    ///
    /// # Errors
    /// See [`Client::call`].
    pub async fn collect(mut self) -> Result<Vec<I::Item>, Error> {
        let mut all = Vec::new();
        while let Some(items) = self.next_page().await? {
            all.extend(items);
        }
        Ok(all)
    }
}
