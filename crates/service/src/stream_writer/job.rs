//! A write in the queue of its stream: an operation, and the place to which its result goes.

use lanyard_model::{Draft, Timestamp};
use tokio::sync::oneshot;

use super::{Provenance, StreamState, WriteBatch, WriteError, Written};
use crate::error::{Error, Result};

/// An operation on a draft of the newest state. It may run more than once.
pub(crate) trait Operation<S, T>:
    Fn(&S, &mut Draft, Timestamp, &mut WriteBatch) -> Result<T> + Send + 'static
{
}

impl<S, T, F> Operation<S, T> for F where F: Fn(&S, &mut Draft, Timestamp, &mut WriteBatch) -> Result<T> + Send + 'static
{}

/// The result of a job: the revision that it made, or the error.
pub(super) type Outcome = std::result::Result<u64, WriteError>;

/// An operation whose result's type is not known.
pub(super) trait Job<S>: Send {
    /// The actor and operation of the write.
    fn provenance(&self) -> &Provenance;

    /// Runs the operation, and keeps its result until the answer.
    fn run(&mut self, head: &S, draft: &mut Draft, time: Timestamp, batch: &mut WriteBatch) -> Result<()>;

    /// Answers the waiting caller.
    fn answer(self: Box<Self>, outcome: Outcome);
}

type Answer<T> = std::result::Result<Written<T>, WriteError>;

/// An operation, its result, and who waits for it.
pub(super) struct TypedJob<T, F> {
    provenance: Provenance,
    operation: F,
    value: Option<T>,
    answer: oneshot::Sender<Answer<T>>,
}

impl<T: Send + 'static, F> TypedJob<T, F> {
    /// A job, and its answer to come.
    pub(super) fn boxed<S: StreamState>(
        provenance: Provenance,
        operation: F,
    ) -> (Box<dyn Job<S>>, oneshot::Receiver<Answer<T>>)
    where
        F: Operation<S, T>,
    {
        let (answer, waiting) = oneshot::channel();
        (Box::new(Self { provenance, operation, value: None, answer }), waiting)
    }
}

impl<S: StreamState, T: Send + 'static, F: Operation<S, T>> Job<S> for TypedJob<T, F> {
    fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    fn run(&mut self, head: &S, draft: &mut Draft, time: Timestamp, batch: &mut WriteBatch) -> Result<()> {
        self.value = None;
        self.value = Some((self.operation)(head, draft, time, batch)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Outcome) {
        let Self { value, answer, .. } = *self;
        let result = outcome.and_then(|revision| match value {
            Some(value) => Ok(Written { value, revision }),
            None => Err(WriteError::Operation(Error::internal("a write was acknowledged that has not run"))),
        });
        // The caller may have gone; what was written stays written.
        let _ = answer.send(result);
    }
}
