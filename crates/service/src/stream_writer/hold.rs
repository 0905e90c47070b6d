//! A stream that is held, so that a write of another stream can end it in the same transaction.

use std::sync::Arc;

use lanyard_model::Draft;
use lanyard_store::Append;
use tokio::sync::oneshot;

use super::{Provenance, Shared, StreamState, Tip};
use crate::error::Result;

/// A stream to which nothing is written. When the hold is dropped without [`Closed::publish`], the stream's task reads from
/// the store what became of it, and goes on.
pub(crate) struct Hold<S> {
    pub(super) shared: Arc<Shared<S>>,
    pub(super) tip: Tip<S>,
    pub(super) release: oneshot::Sender<Tip<S>>,
}

/// The end of a stream, once the entry that ends it is on disk.
pub(crate) struct Closed<S>(Tip<S>);

impl<S: StreamState> Hold<S> {
    /// The state in which the stream is held.
    pub(crate) fn state(&self) -> &S {
        &self.tip.state
    }

    /// The entry that ends the stream, with the last changes, which `operation` makes, and the state after it.
    pub(crate) fn close(
        &self,
        provenance: &Provenance,
        operation: impl FnOnce(&mut Draft) -> Result<()>,
    ) -> Result<(Append, Closed<S>)> {
        let head = self.tip.state.directory();
        let time = self.shared.environment.now().max(head.time());
        let mut draft = Draft::new(head.clone());
        operation(&mut draft)?;
        let (changes, next) = draft.finish(time);
        let append = Append::closing(
            self.shared.store.sealing(),
            &self.shared.stream,
            &self.tip.position,
            provenance.entry(time, changes.clone()),
        )?;
        let state = Arc::new(self.tip.state.apply(next, &changes));
        let tip = Tip { state, position: append.position() };
        Ok((append, Closed(tip)))
    }

    /// Publishes the end of the stream and releases it: what waits finds that it has ended.
    pub(crate) fn publish(self, Closed(tip): Closed<S>) {
        self.shared.published.store(Arc::new(tip.clone()));
        // A task that is gone has nothing left to do.
        let _ = self.release.send(tip);
    }
}
