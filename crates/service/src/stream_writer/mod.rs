//! A stream's writer: the only path by which the state of an instance or a registry changes.
//!
//! Readers take the published state and never wait. A write is a job in the queue of its stream. One task per stream
//! takes the jobs that wait, runs them one after another on the newest state (the head) on a thread that may be busy,
//! and passes the entries to the store in that order. It does not wait for the disk in between: each entry follows the
//! one before, by its hash. When an entry is on disk, the state that it led to is published, and only then the job is
//! answered.
//!
//! Invariants:
//!
//! - The published state is the one that the entries on disk lead to, up to some entry; it never goes back while the
//!   store keeps them.
//! - A job is answered with success after its entry is on disk and its state is published.
//! - A job is refused by its operation only after every entry that the refusal rests on is on disk. While an entry of
//!   unknown outcome may still be accepted, a refusal also waits for the store to have nothing newer.
//! - When an append fails, the jobs that were built on it run again on what the store has; the store cannot have
//!   accepted their entries. Nothing else is reset.
//! - The store has the last word. Where it no longer has what was published, since an operator or a failing database put
//!   it back, the state is loaded again and the loss is logged.
//! - Everything that an operation does outside its draft is an effect of its [`WriteBatch`]. Effects run once, when the
//!   entry is on disk, before its state is published.

mod hold;
mod job;
#[cfg(test)]
mod proof;
mod task;
mod turns;

use std::sync::Arc;

use arc_swap::ArcSwap;
use lanyard_model::{Change, Directory, Draft, Entry, StreamId, Timestamp};
use lanyard_store::{Append, AppendError, CellsOf, Loaded, Position, SecretChange, Store};
use tokio::sync::{mpsc, oneshot};

use crate::environment::Environment;
use crate::error::{Error, Result};

pub(crate) use hold::Hold;
pub(crate) use job::Operation;
use job::{Job, TypedJob};
use task::Task;

/// A state that a stream writer publishes: a directory, and everything derived from it.
pub trait StreamState: Clone + Send + Sync + 'static {
    /// The directory.
    fn directory(&self) -> &Directory;

    /// The state after `changes`, which led to `next`.
    fn apply(&self, next: Directory, changes: &[Change]) -> Self;

    /// The state of a directory that the store loaded, whatever this one was.
    fn load(&self, directory: Directory) -> Self;
}

impl StreamState for Directory {
    fn directory(&self) -> &Directory {
        self
    }

    fn apply(&self, next: Directory, _: &[Change]) -> Self {
        next
    }

    fn load(&self, directory: Directory) -> Self {
        directory
    }
}

/// A state and the place of the entry that led to it.
pub struct Tip<S> {
    /// The state.
    pub state: Arc<S>,
    /// The place of the entry.
    pub position: Position,
}

impl<S> Clone for Tip<S> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), position: self.position }
    }
}

impl Tip<Directory> {
    /// A stream as the store loaded it.
    pub fn loaded(loaded: Loaded) -> Self {
        Self { position: loaded.position(), state: Arc::new(loaded.directory) }
    }

    /// A stream before its first entry.
    pub fn empty(stream: StreamId) -> Self {
        Self { position: Position::origin(&stream), state: Arc::new(Directory::empty(stream)) }
    }
}

/// One stream's state and the only way to change it. The stream's task ends when the last of its writers is dropped.
pub struct StreamWriter<S = Directory> {
    shared: Arc<Shared<S>>,
    messages: mpsc::UnboundedSender<Message<S>>,
}

/// The part that the writer and its task share.
struct Shared<S> {
    stream: StreamId,
    published: ArcSwap<Tip<S>>,
    store: Arc<dyn Store>,
    environment: Arc<dyn Environment>,
}

enum Message<S> {
    /// Run this.
    Write(Box<dyn Job<S>>),
    /// Write nothing until the hold is over.
    Hold(oneshot::Sender<Hold<S>>),
    /// Publish a state of this revision or a later one.
    Refresh(u64, oneshot::Sender<Result<()>>),
    /// Load the state: the store no longer has what was acknowledged.
    LoadAgain,
}

/// The actor and operation of a write.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// The actor that the log names.
    pub actor: String,
    /// The API operation.
    pub operation: &'static str,
    /// The identifier that the answer carries.
    pub request_id: String,
}

impl Provenance {
    pub(crate) fn entry(&self, time: Timestamp, changes: Vec<Change>) -> Entry {
        Entry {
            time,
            actor: self.actor.clone(),
            operation: self.operation.to_owned(),
            request_id: self.request_id.clone(),
            changes,
            erasure: None,
        }
    }
}

/// The result of a write: the operation's own, and the revision that it made.
#[derive(Debug)]
pub struct Written<T> {
    /// The operation's result.
    pub value: T,
    /// The revision of the stream.
    pub revision: u64,
}

/// Why a write did not take effect, or is not known to have.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// The operation refused.
    Operation(Error),
    /// The store did not append.
    Append(AppendError),
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Operation(error) => error,
            WriteError::Append(error) => error.into(),
        }
    }
}

/// The additions of an operation to its draft: parts of the same transaction in the store, and effects when it is done.
#[derive(Default)]
pub struct WriteBatch {
    /// Entries of other streams.
    pub appends: Vec<Append>,
    /// Secrets of this stream.
    pub secrets: Vec<SecretChange>,
    /// Other streams and the entries that must be their last when this is written.
    pub guards: Vec<(StreamId, Position)>,
    /// The cells that are deleted.
    pub ended_cells: Vec<CellsOf>,
    effects: Vec<Box<dyn FnOnce() + Send>>,
}

impl WriteBatch {
    /// Runs `effect` once, when the entries are on disk, before the state that they led to is published.
    pub fn when_durable(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.effects.push(Box::new(effect));
    }
}

impl<S: StreamState> StreamWriter<S> {
    /// A writer whose state is the one of `tip`, as the store has it. Starts its task; must be called in a runtime.
    pub(crate) fn start(tip: Tip<S>, store: Arc<dyn Store>, environment: Arc<dyn Environment>) -> Arc<Self> {
        let (messages, queue) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            stream: tip.state.directory().stream().clone(),
            published: ArcSwap::from_pointee(tip.clone()),
            store,
            environment,
        });
        tokio::spawn(Task::new(Arc::clone(&shared), tip, queue).run());
        Arc::new(Self { shared, messages })
    }

    /// The state that all acknowledged writes have led to.
    pub fn read(&self) -> Arc<S> {
        Arc::clone(&self.shared.published.load().state)
    }

    /// The same, with the place of the last of their entries.
    pub(crate) fn tip(&self) -> Tip<S> {
        Tip::clone(&self.shared.published.load())
    }

    /// Waits until the published state has a revision, which the store has: another node may have made it.
    pub(crate) async fn refresh(&self, revision: u64) -> Result<()> {
        if self.shared.published.load().position.revision >= revision {
            return Ok(());
        }
        let stopped = || Error::internal("the stream's writer has stopped");
        let (answer, answered) = oneshot::channel();
        self.messages.send(Message::Refresh(revision, answer)).map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// Lets the state be loaded again, since the store was seen without an entry that was acknowledged.
    pub(crate) fn load_again(&self) {
        // A task that is gone has no state.
        let _ = self.messages.send(Message::LoadAgain);
    }

    /// Runs `operation` on a draft of the newest state, makes its changes durable, and publishes them.
    ///
    /// `operation` may run more than once; everything that it does outside the draft is an effect of the batch. The
    /// write continues when the future is dropped.
    pub async fn write<T: Send + 'static>(
        &self,
        provenance: Provenance,
        operation: impl Fn(&S, &mut Draft, Timestamp, &mut WriteBatch) -> Result<T> + Send + 'static,
    ) -> Result<Written<T>> {
        Ok(self.try_write(provenance, operation).await?)
    }

    /// The same, with the reason of a failure as it is.
    pub(crate) async fn try_write<T: Send + 'static>(
        &self,
        provenance: Provenance,
        operation: impl Operation<S, T>,
    ) -> std::result::Result<Written<T>, WriteError> {
        let stopped = || WriteError::Operation(Error::internal("the stream's writer has stopped"));
        let (job, answer) = TypedJob::boxed(provenance, operation);
        self.messages.send(Message::Write(job)).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Waits until nothing of the stream is under way, and holds it: nothing is written to it until the hold is released
    /// or dropped. To hold several streams, hold them in the order of their names.
    pub(crate) async fn hold(&self) -> Result<Hold<S>> {
        let stopped = || Error::internal("the stream's writer has stopped");
        let (granted, grant) = oneshot::channel();
        self.messages.send(Message::Hold(granted)).map_err(|_| stopped())?;
        grant.await.map_err(|_| stopped())
    }
}
