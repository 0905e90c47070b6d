//! The calls of a pull. Each is made at most once, also where the pull is interrupted and resumed.

use lanyard_client::{Client, Error, ListBound, Paged};
use lanyard_model::into_shown;
use lanyard_wire::{ErrorKind, Output as _};

use super::operations::Pulled;
use super::privacy::Privacy;
use super::{Clock, Journal, Observer};
use crate::Error as Failure;

/// The reason why a call has no answer.
pub(crate) enum Unread {
    /// The service refused the call.
    Call(Error),
    /// The journal cannot be written.
    Journal(std::io::Error),
}

impl From<Unread> for Failure {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Call(error) if error.is_denied() => {
                let refusal = into_shown(error.to_string());
                let hint = "  `lanyard pull --policy` prints the policy that a pull needs".to_owned();
                Self::Lines(vec![refusal, hint])
            }
            Unread::Call(error) => Self::Message(into_shown(error.to_string())),
            Unread::Journal(error) => Self::Message(format!("the journal of the pull: {error}")),
        }
    }
}

impl Unread {
    /// Whether the caller may not make the call, or the server has no such operation. Its answer is then unknown.
    pub(super) fn is_closed(&self) -> bool {
        let Self::Call(error) = self else { return false };
        let unserved = [ErrorKind::UnknownOperationException, ErrorKind::NotImplementedException];
        error.is_denied() || error.kind().is_some_and(|kind| unserved.contains(&kind))
    }

    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Call(error) if error.is_not_found())
    }

    /// Whether the service refused a parameter, such as a page token that is too old.
    fn is_bad_request(&self) -> bool {
        let Self::Call(error) = self else { return false };
        let kinds = [ErrorKind::InvalidParameterException, ErrorKind::InvalidRequestException];
        error.kind().is_some_and(|kind| kinds.contains(&kind))
    }
}

/// Reads answers from the service, or from the journal of an interrupted pull.
pub(crate) struct Reader {
    client: Client,
    privacy: Privacy,
    journal: Journal,
    pub(super) observer: Box<dyn Observer>,
    clock: Clock,
    /// Whether the answers of the journal are not used.
    pub(super) is_fresh: bool,
}

impl Reader {
    pub(crate) fn new(
        client: Client,
        privacy: Privacy,
        journal: Journal,
        observer: Box<dyn Observer>,
        clock: Clock,
    ) -> Self {
        Self { client, privacy, journal, observer, clock, is_fresh: false }
    }

    /// Calls an operation, unless the journal has its answer.
    pub(super) async fn read<I: Pulled>(&mut self, input: &I) -> Result<I::Output, Unread> {
        let parts = input.to_request();
        let body = parts.body.map(|body| String::from_utf8_lossy(&body).into_owned()).unwrap_or_default();
        let query = parts.query.unwrap_or_default();
        let request = format!("{} {}?{query} {body}", parts.method, parts.path);
        let kept = self.journal.answer(&request).filter(|_| !self.is_fresh);
        if let Some(output) = kept.and_then(|answer| I::Output::from_body(answer.as_bytes()).ok()) {
            self.observer.step(None);
            return Ok(output);
        }
        let mut output = self.client.call(input).await.map_err(Unread::Call)?;
        I::scrub(&mut output, &self.privacy);
        let answer = String::from_utf8_lossy(&output.to_body()).into_owned();
        self.journal.keep(request, answer).map_err(Unread::Journal)?;
        self.observer.step(Some((self.clock)()));
        Ok(output)
    }

    /// Every item of a list. Where a page token of an interrupted pull is too old, the list is read again from its start.
    pub(super) async fn list<I: Pulled + Paged>(&mut self, mut input: I) -> Result<Vec<I::Item>, Unread> {
        match self.pages(&mut input).await {
            Err(unread) if unread.is_bad_request() && !self.is_fresh && self.journal.len() > 0 => {
                input.start_at(None);
                self.is_fresh = true;
                let items = self.pages(&mut input).await;
                self.is_fresh = false;
                items
            }
            other => other,
        }
    }

    async fn pages<I: Pulled + Paged>(&mut self, input: &mut I) -> Result<Vec<I::Item>, Unread> {
        let (mut all, mut bound) = (Vec::new(), ListBound::default());
        loop {
            let (items, next) = I::take_page(self.read(input).await?);
            let counted = bound.page(items.len(), next.as_deref());
            counted.map_err(|endless| Unread::Call(Error::endless(I::OPERATION, &endless)))?;
            all.extend(items);
            if next.is_none() {
                return Ok(all);
            }
            input.start_at(next);
        }
    }

    /// The client, and the journal, which is to be closed.
    pub(crate) fn into_parts(mut self) -> (Client, Journal) {
        self.observer.finish();
        (self.client, self.journal)
    }
}
