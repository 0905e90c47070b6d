//! A stream's write lane: the one path by which the state of an instance or a registry moves.
//!
//! Readers take the published [`State`] and never wait. A write runs its operation against the newest state (the
//! head), hands the entry to the store in that order, waits until it is on disk, publishes and only then answers. Writes
//! that wait for the disk do not hold up those behind them: each builds on the one before, and if one fails, those built
//! on it fail too, since their revisions no longer follow, and are run again on what the store really has.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use lanyard_model::{Change, Directory, Draft, Entry, StreamId, Timestamp};
use lanyard_store::{Append, AppendError, Logged, SecretChange, Store};

use crate::environment::Environment;
use crate::error::{Error, Result};

/// How often a write is run again when another node wrote first.
const ATTEMPTS: usize = 8;

/// How many entries of the log are read at a time when catching up.
const CATCH_UP: usize = 1_000;

/// What a lane publishes: a directory, and what follows from it.
pub(crate) trait State: Clone + Send + Sync + 'static {
    /// The directory.
    fn directory(&self) -> &Directory;

    /// The state after `changes`, which led to `next`.
    fn advanced(&self, next: Directory, changes: &[Change]) -> Self;
}

impl State for Directory {
    fn directory(&self) -> &Directory {
        self
    }

    fn advanced(&self, next: Directory, _: &[Change]) -> Self {
        next
    }
}

/// One stream's state and the only way to change it.
pub(crate) struct Lane<S = Directory> {
    stream: StreamId,
    published: ArcSwap<S>,
    head: Mutex<S>,
    store: Arc<dyn Store>,
}

/// Who writes, and by what.
#[derive(Clone, Debug)]
pub(crate) struct Provenance {
    pub(crate) actor: String,
    pub(crate) operation: &'static str,
    pub(crate) request_id: String,
}

impl Provenance {
    pub(crate) fn entry(&self, time: Timestamp, changes: Vec<Change>) -> Entry {
        Entry {
            time,
            actor: self.actor.clone(),
            operation: self.operation.to_owned(),
            request_id: self.request_id.clone(),
            changes,
        }
    }
}

/// What a write gives: the operation's answer, and the revision it made.
pub(crate) struct Written<T> {
    pub(crate) value: T,
    pub(crate) revision: u64,
}

/// What goes to the store in the same transaction as the lane's own entry.
#[derive(Default)]
pub(crate) struct Beside {
    /// Entries of other streams.
    pub(crate) appends: Vec<Append>,
    /// Secrets of this stream.
    pub(crate) secrets: Vec<SecretChange>,
}

impl<S: State> Lane<S> {
    /// A lane whose state is `state`, as the store has it.
    pub(crate) fn new(state: S, store: Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self {
            stream: state.directory().stream().clone(),
            head: Mutex::new(state.clone()),
            published: ArcSwap::from_pointee(state),
            store,
        })
    }

    /// The state that all acknowledged writes have led to.
    pub(crate) fn read(&self) -> Arc<S> {
        self.published.load_full()
    }

    /// Runs `operation` on a draft of the newest state, makes its changes durable, and publishes them.
    ///
    /// `operation` may run more than once and must not have other effects. The future must be run to its end, so that
    /// what is durable is published: see `http::answer`.
    pub(crate) async fn write<T>(
        &self,
        environment: &dyn Environment,
        provenance: &Provenance,
        operation: impl Fn(&mut Draft, Timestamp, &mut Beside) -> Result<T>,
    ) -> Result<Written<T>> {
        self.write_on(environment, provenance, |_, draft, time, beside| operation(draft, time, beside)).await
    }

    /// [`Self::write`] for an operation that also looks at the state that its draft is built on.
    pub(crate) async fn write_on<T>(
        &self,
        environment: &dyn Environment,
        provenance: &Provenance,
        operation: impl Fn(&S, &mut Draft, Timestamp, &mut Beside) -> Result<T>,
    ) -> Result<Written<T>> {
        for _ in 0..ATTEMPTS {
            let (value, next, pending) = {
                let mut head = self.head();
                let time = environment.now().max(head.directory().time());
                let expected_revision = head.directory().revision();
                let mut draft = Draft::new(head.directory().clone());
                let mut beside = Beside::default();
                let value = operation(&head, &mut draft, time, &mut beside)?;
                let (changes, next) = draft.finish(time);
                let next = head.advanced(next, &changes);
                let own = Append {
                    stream: self.stream.clone(),
                    expected_revision,
                    entry: provenance.entry(time, changes),
                    secrets: beside.secrets,
                    closes: false,
                };
                let pending = self.store.append(std::iter::once(own).chain(beside.appends).collect());
                *head = next.clone();
                (value, next, pending)
            };
            match pending.await {
                Ok(()) => {
                    let revision = next.directory().revision();
                    self.publish(next);
                    return Ok(Written { value, revision });
                }
                Err(AppendError::Conflict { .. }) => self.catch_up().await?,
                Err(error) => {
                    self.catch_up().await?;
                    return Err(error.into());
                }
            }
        }
        Err(AppendError::Conflict { stream: self.stream.clone(), head: self.read().directory().revision() }.into())
    }

    /// Ends the stream: `operation` makes the last changes, and the entry that carries them closes the stream in the
    /// store. It is handed to another lane's write, which appends it; [`Self::publish_head`] follows when that is done.
    pub(crate) fn close(
        &self,
        environment: &dyn Environment,
        provenance: &Provenance,
        operation: impl FnOnce(&mut Draft) -> Result<()>,
    ) -> Result<Append> {
        let mut head = self.head();
        let time = environment.now().max(head.directory().time());
        let expected_revision = head.directory().revision();
        let mut draft = Draft::new(head.directory().clone());
        operation(&mut draft)?;
        let (changes, next) = draft.finish(time);
        *head = head.advanced(next, &changes);
        Ok(Append {
            stream: self.stream.clone(),
            expected_revision,
            entry: provenance.entry(time, changes),
            secrets: Vec::new(),
            closes: true,
        })
    }

    /// Publishes the head after another lane's write made it durable.
    pub(crate) fn publish_head(&self) {
        let head = self.head().clone();
        self.publish(head);
    }

    fn publish(&self, next: S) {
        let next = Arc::new(next);
        let revision = |state: &S| state.directory().revision();
        self.published.rcu(|now| Arc::clone(if revision(now) < revision(&next) { &next } else { now }));
    }

    /// Reads from the store what this node has not seen, and goes on from there.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        let mut state = S::clone(&self.read());
        loop {
            let entries = self
                .store
                .read(&self.stream, state.directory().revision(), CATCH_UP)
                .await
                .map_err(|error| Error::internal(error.to_string()))?;
            if entries.is_empty() {
                break;
            }
            for Logged { revision, entry, .. } in entries {
                let mut directory = state.directory().clone();
                directory
                    .advance(entry.time, &entry.changes)
                    .map_err(|invalid| Error::internal(format!("{}, revision {revision}: {invalid}", self.stream)))?;
                state = state.advanced(directory, &entry.changes);
            }
        }
        self.publish(state);
        let mut head = self.head();
        *head = S::clone(&self.read());
        Ok(())
    }

    fn head(&self) -> MutexGuard<'_, S> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
