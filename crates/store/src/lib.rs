//! The log: the changes of every acknowledged write, and the state that they led to.
//!
//! No other crate depends on how state is kept. Invariants:
//!
//! - Each stream's entries are numbered from 1 without gaps. An append names the entry that it follows by its hash
//!   ([`Position`]), and is accepted only if that entry is the last of the stream. That is the whole control of
//!   concurrency: an entry that was built on one that failed can never be accepted, and the loser of a race catches up
//!   and validates again.
//! - The current resources, the unique names and the secrets are changed in the transaction that appends the entry, so
//!   they are never ahead of the log or behind it.
//! - An append that was acknowledged is on disk.
//! - Each entry carries the hash of the one before ([`chain`]), so that a changed entry is detected.
//! - Secrets are in a table of their own and nowhere else.
//!
//! A store is a crate of its own that implements [`Store`]; this one contains no SQL.

mod append;
pub mod archive;
mod background;
pub mod chain;
pub mod checkpoint;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod doctor;
#[cfg(feature = "double")]
pub mod double;
mod error;
mod history;
mod names;
mod past;
pub mod rows;
mod secret;

use std::pin::Pin;
use std::sync::Arc;

use lanyard_model::{Directory, Entry, StreamId, Timestamp};

pub use append::{Append, AppendParts, Position};
pub use background::give_way;
pub use chain::Hash;
pub use checkpoint::{Checkpoint, CheckpointRow, Snapshot};
pub use error::{AppendError, Place, StoreError};
pub use history::{Moment, read_back, state_at};
pub use names::UniqueName;
pub use past::{Past, PastResource, Piece};
pub use secret::{Secret, SecretChange};

/// The result of a call that is already under way. Dropping it gives up the result, not the call.
pub type Pending<T, E = StoreError> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// The result of an append: whether its entries are on disk.
pub type AppendFuture = Pending<(), AppendError>;

/// One entry of the log as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Its number in the stream, from 1.
    pub revision: u64,
    /// Its hash, which the next entry carries.
    pub hash: Hash,
    /// Whether the stream ended with it.
    pub closes: bool,
    /// The entry.
    pub entry: Entry,
    /// The entry as it is stored, in JSON: what the hash is of, with the hash before it.
    pub record: Box<str>,
}

impl Logged {
    /// Reads an entry from the form in which it is stored.
    ///
    /// # Errors
    /// When the text is not such an entry.
    pub fn read(record: &str, hash: Hash) -> Result<Self, String> {
        let chain::Record { revision, closes, entry, .. } =
            serde_json::from_str(record).map_err(|error| error.to_string())?;
        Ok(Self { revision, hash, closes, entry, record: record.into() })
    }

    /// Whether the entry's hash is that of its contents and of the hash before it.
    #[must_use]
    pub fn follows(&self, previous: &Hash) -> bool {
        let names_it = serde_json::from_str::<chain::Record>(&self.record)
            .is_ok_and(|record| record.previous == chain::hex(previous) && record.revision == self.revision);
        names_it && self.hash == chain::link(previous, self.record.as_bytes())
    }
}

/// The state of a stream after its last entry.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The state.
    pub directory: Directory,
    /// The hash of the last entry, which the next one has to follow.
    pub hash: Hash,
}

impl Loaded {
    /// The place of the last entry.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { revision: self.directory.revision(), hash: self.hash }
    }
}

/// The last entry of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The entry's number and hash.
    pub position: Position,
    /// The entry's time.
    pub time: Timestamp,
    /// Whether the stream ended with it.
    pub closed: bool,
}

/// Where the log is kept.
pub trait Store: Send + Sync + 'static {
    /// Appends entries, to one stream or several: all take effect, in this order, or none does. The place in the queue
    /// is taken when this is called, not when the result is awaited, so that a caller can append an entry that follows
    /// one whose result is not known yet. When the result is `Ok`, the entries are on disk.
    ///
    /// # Errors
    /// See [`AppendError`].
    fn append(&self, appends: Vec<Append>) -> AppendFuture;

    /// The state of a stream after its last entry; `None` when it has no entry or has ended.
    ///
    /// # Errors
    /// When the storage fails or holds what this version cannot read.
    fn load(&self, stream: &StreamId) -> Pending<Option<Loaded>>;

    /// The registries that have an entry, in the order of their names.
    ///
    /// # Errors
    /// When the storage fails.
    fn registries(&self) -> Pending<Vec<StreamId>>;

    /// At most `limit` entries of a stream after the revision `after`, oldest first, whether it has ended or not.
    ///
    /// # Errors
    /// When the storage fails or holds what this version cannot read; [`StoreError::Archived`] when the entry after that
    /// revision was archived and is gone.
    fn read(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<Logged>>;

    /// A stream's secret.
    ///
    /// # Errors
    /// When the storage fails.
    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>>;

    /// Whether other processes may write the store while this one does. Where they may, a state in memory is only known
    /// to be the newest after [`Self::heads`] was asked.
    fn is_shared(&self) -> bool;

    /// The last entries of streams, in the order of `streams`, whether the streams have ended or not; `None` for one
    /// without entries. All are of one moment, which is after this is called.
    ///
    /// # Errors
    /// When the storage fails.
    fn heads(&self, streams: Vec<StreamId>) -> Pending<Vec<Option<Head>>>;

    /// Every stream that has an entry and its last entry, in the order of the streams' names. All are of one moment.
    ///
    /// # Errors
    /// When the storage fails.
    fn streams(&self) -> Pending<Vec<(StreamId, Head)>>;

    // Checkpoints.

    /// The checkpoints of a stream, oldest first.
    ///
    /// # Errors
    /// When the storage fails.
    fn checkpoints(&self, stream: &StreamId) -> Pending<Vec<Checkpoint>>;

    /// A part of the checkpoint at a revision, numbered from 0, as [`checkpoint::decode`] reads it; `None` when there is
    /// no such part.
    ///
    /// # Errors
    /// When the storage fails.
    fn checkpoint_part(&self, stream: &StreamId, revision: u64, part: u32) -> Pending<Option<Vec<u8>>>;

    /// The present state of a stream, all of one moment, as a checkpoint to be put; `None` when it has no entry or has
    /// ended.
    ///
    /// # Errors
    /// When the storage fails.
    fn snapshot(&self, stream: &StreamId) -> Pending<Option<Snapshot>>;

    /// Keeps a checkpoint, which is not the cut. One that is there already stays as it is. A write that is interrupted
    /// leaves no checkpoint.
    ///
    /// # Errors
    /// When the storage fails, or was opened to read.
    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()>;

    /// How many bytes the entries of a stream after a revision take.
    ///
    /// # Errors
    /// When the storage fails.
    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64>;

    // Archives.

    /// Makes a checkpoint the cut of its stream, and removes the entries up to it and the checkpoints before it. `after`
    /// is the revision of the cut that there is, 0 for none. Once the cut is made, [`Self::read`] of an entry before it
    /// may fail with [`StoreError::Archived`]; removing the entries goes on where it was interrupted when the call is
    /// repeated with the cut as `after` and as `position`.
    ///
    /// # Errors
    /// When the storage fails or was opened to read, there is no such checkpoint, or the cut is another.
    fn cut(&self, stream: &StreamId, position: Position, after: u64) -> Pending<()>;

    /// Gives the space of removed entries back to the system, as far as the store can; with `may_block`, writes may have
    /// to wait for that.
    ///
    /// # Errors
    /// When the storage fails, or was opened to read.
    fn compact(&self, may_block: bool) -> Pending<()>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn append(&self, appends: Vec<Append>) -> AppendFuture {
        (**self).append(appends)
    }

    fn load(&self, stream: &StreamId) -> Pending<Option<Loaded>> {
        (**self).load(stream)
    }

    fn registries(&self) -> Pending<Vec<StreamId>> {
        (**self).registries()
    }

    fn read(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<Logged>> {
        (**self).read(stream, after, limit)
    }

    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>> {
        (**self).secret(stream, name)
    }

    fn is_shared(&self) -> bool {
        (**self).is_shared()
    }

    fn heads(&self, streams: Vec<StreamId>) -> Pending<Vec<Option<Head>>> {
        (**self).heads(streams)
    }

    fn streams(&self) -> Pending<Vec<(StreamId, Head)>> {
        (**self).streams()
    }

    fn checkpoints(&self, stream: &StreamId) -> Pending<Vec<Checkpoint>> {
        (**self).checkpoints(stream)
    }

    fn checkpoint_part(&self, stream: &StreamId, revision: u64, part: u32) -> Pending<Option<Vec<u8>>> {
        (**self).checkpoint_part(stream, revision, part)
    }

    fn snapshot(&self, stream: &StreamId) -> Pending<Option<Snapshot>> {
        (**self).snapshot(stream)
    }

    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()> {
        (**self).put_checkpoint(stream, snapshot)
    }

    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64> {
        (**self).log_size(stream, after)
    }

    fn cut(&self, stream: &StreamId, position: Position, after: u64) -> Pending<()> {
        (**self).cut(stream, position, after)
    }

    fn compact(&self, may_block: bool) -> Pending<()> {
        (**self).compact(may_block)
    }
}
