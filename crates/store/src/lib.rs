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
//! - Secrets are in a table of their own and nowhere else. So are the keys of people, without which an entry does not say
//!   who a person was.
//! - Outside the log there are only [`Cell`]s, which expire.
//!
//! A store is a crate of its own that implements [`Store`]; this one contains no SQL.

mod append;
pub mod archive;
mod background;
mod cells;
pub mod chain;
pub mod checkpoint;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod copy;
pub mod doctor;
#[cfg(feature = "double")]
pub mod double;
pub mod erasure;
mod error;
mod history;
mod master_key;
mod names;
mod outage;
pub mod parallel;
mod past;
mod person_key;
mod record;
pub mod rows;
mod sealing;
mod secret;
mod stored_changes;

use std::pin::Pin;
use std::sync::Arc;

use lanyard_model::{Directory, Entry, Id, Key, StreamId, Timestamp};
use tokio::sync::watch;

pub use append::{Append, AppendParts, Position};
pub use background::give_way;
pub use cells::{Cell, CellChange, CellsOf, SWEPT_AT_ONCE, SecretGuard};
pub use chain::Hash;
pub use checkpoint::{Checkpoint, CheckpointRow, Snapshot};
pub use copy::{CopyPoint, StreamCopy};
pub use error::{AppendError, Place, StoreError};
pub use history::{Moment, read_back, state_at};
pub use master_key::MasterKeys;
pub use names::UniqueName;
pub use outage::{Cause, Outage};
pub use past::{Past, PastResource, Piece};
pub use person_key::{PersonKey, PersonKeys, open_resource, seal_resource};
pub use record::{ENTRY_FORMAT, Record, Stored};
pub use sealing::{Sealing, random_name};
pub use secret::{Secret, SecretChange};

/// The notifications of a store that no other process writes: there are none.
#[must_use]
pub fn no_notifications() -> watch::Receiver<()> {
    watch::channel(()).1
}

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
    /// The entry, with the erased user wherever a person's key is gone: also in entries before the one that deleted the
    /// user, of which a reader that follows the log does not know yet.
    pub entry: Entry,
    /// The entry as it is stored, in JSON: what the hash is of, with the hash before it. People are sealed in it.
    pub record: Box<str>,
}

impl Logged {
    /// Reads an entry from the form in which it is stored, without the keys of people.
    ///
    /// # Errors
    /// When the text is not such an entry.
    pub fn read(record: &str, hash: Hash) -> Result<Self, String> {
        Self::open(Stored::read(record)?, record, hash, &PersonKeys::default())
    }

    /// The same, with the keys of people and the text already read.
    ///
    /// # Errors
    /// When a key does not open what was sealed with it.
    pub fn open(stored: Stored, record: &str, hash: Hash, keys: &PersonKeys) -> Result<Self, String> {
        let Record { revision, closes, entry, .. } = stored.open(keys)?;
        Ok(Self { revision, hash, closes, entry, record: record.into() })
    }

    /// Whether the entry's hash is that of its contents and of the hash before it. The contents of an entry of which a
    /// part was erased are not verified by its hash but by the entry that records the erasure
    /// ([`erasure::Erasures`]).
    #[must_use]
    pub fn follows(&self, previous: &Hash) -> bool {
        let Ok(place) = serde_json::from_str::<record::Place>(&self.record) else { return false };
        let names_it = place.previous == chain::hex(previous) && place.revision == self.revision;
        names_it && (place.erased || self.hash == chain::link(previous, self.record.as_bytes()))
    }

    /// Whether people are sealed in the stored form, so that it does not show what the entry says.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.record.contains("\"sealed\":")
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

    /// The same entries as they are stored, with their numbers, for who takes apart only what is needed.
    ///
    /// # Errors
    /// As for [`Self::read`].
    fn records(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<(u64, String)>>;

    /// Waits until all entries of a stream that can be read now are as safe as acknowledged ones. A database that replicates
    /// may show an entry before that, where the wait of its commit was cut off.
    ///
    /// # Errors
    /// When the storage fails, or they are not safe in time.
    fn confirm(&self, _stream: &StreamId) -> Pending<()> {
        Box::pin(std::future::ready(Ok(())))
    }

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

    /// At most `limit` instances whose streams have not ended, in the order of their names.
    ///
    /// # Errors
    /// When the storage fails.
    fn instances(&self, limit: usize) -> Pending<Vec<Id>>;

    /// The resource that has a unique name, and its stream.
    ///
    /// # Errors
    /// When the storage fails.
    fn holder(&self, name: UniqueName) -> Pending<Option<(StreamId, Key)>>;

    /// A receiver that changes some time after another process has written: a hint to ask for the heads, which may be
    /// late or not come at all.
    fn notifications(&self) -> watch::Receiver<()>;

    // Cells: rows outside the log, which expire.

    /// A cell as it is after this is called, whether it has expired or not.
    ///
    /// # Errors
    /// When the storage fails.
    fn cell(&self, kind: &'static str, key: Vec<u8>) -> Pending<Option<Cell>>;

    /// The cells of an owner with their keys, in the order of the keys. All are of one moment, which is after this is
    /// called.
    ///
    /// # Errors
    /// When the storage fails.
    fn cells_of(&self, of: CellsOf) -> Pending<Vec<(Vec<u8>, Cell)>>;

    /// Changes cells, and returns how many were made, replaced or deleted: 0 where a cell was not as expected. When the
    /// result is `Ok`, the change is on disk. Changes do not take effect in the order of the calls.
    ///
    /// # Errors
    /// As for [`Self::append`], without conflicts. After [`AppendError::Unknown`] the change may have taken effect. A
    /// change that was tried again after its connection fell may have taken effect and return 0; reading the cell shows it.
    fn change_cells(&self, change: CellChange) -> Pending<u64, AppendError>;

    // Copies.

    /// Every stream that has an entry, its last entry and its secrets, in the order of the streams' names. All are of one
    /// moment. The entries up to the last ones never change, so they are read at leisure.
    ///
    /// # Errors
    /// When the storage fails.
    fn copy_point(&self) -> Pending<CopyPoint>;

    // Sealing.

    /// How this store seals: appends to it are made with it.
    fn sealing(&self) -> &Sealing;

    /// The keys of the people of a stream.
    ///
    /// # Errors
    /// When the storage fails, or the keys are sealed with a key from outside that is not here.
    fn person_keys(&self, stream: &StreamId) -> Pending<PersonKeys>;

    /// Seals every secret and every key of a person with the first of the keys from outside, where it is not. Returns how
    /// many were sealed. The other keys from outside are needed no more afterwards, unless another node seals with them.
    ///
    /// # Errors
    /// When the store was opened to read or without a key from outside, the storage fails, or one cannot be opened.
    fn reseal(&self) -> Pending<u64>;

    // The condition of the storage.

    /// Whether the storage can be read and written. Costs no more than one small query or write; a store that could not
    /// be written of late is tried, so that an outage that is over is noticed without a write of a client's.
    ///
    /// # Errors
    /// Why not.
    fn condition(&self) -> Pending<(), Outage>;

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

    /// Keeps a checkpoint. One that is there already stays as it is. A write that is interrupted leaves no checkpoint. The
    /// keys that were made for it are stored with it, each only while that user is there. A checkpoint that is the cut
    /// begins a stream that has no entry: the first one follows it.
    ///
    /// # Errors
    /// When the storage fails, or was opened to read; for the cut of a stream that has an entry.
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

    fn records(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<(u64, String)>> {
        (**self).records(stream, after, limit)
    }

    fn confirm(&self, stream: &StreamId) -> Pending<()> {
        (**self).confirm(stream)
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

    fn instances(&self, limit: usize) -> Pending<Vec<Id>> {
        (**self).instances(limit)
    }

    fn holder(&self, name: UniqueName) -> Pending<Option<(StreamId, Key)>> {
        (**self).holder(name)
    }

    fn notifications(&self) -> watch::Receiver<()> {
        (**self).notifications()
    }

    fn cell(&self, kind: &'static str, key: Vec<u8>) -> Pending<Option<Cell>> {
        (**self).cell(kind, key)
    }

    fn cells_of(&self, of: CellsOf) -> Pending<Vec<(Vec<u8>, Cell)>> {
        (**self).cells_of(of)
    }

    fn change_cells(&self, change: CellChange) -> Pending<u64, AppendError> {
        (**self).change_cells(change)
    }

    fn copy_point(&self) -> Pending<CopyPoint> {
        (**self).copy_point()
    }

    fn sealing(&self) -> &Sealing {
        (**self).sealing()
    }

    fn person_keys(&self, stream: &StreamId) -> Pending<PersonKeys> {
        (**self).person_keys(stream)
    }

    fn reseal(&self) -> Pending<u64> {
        (**self).reseal()
    }

    fn condition(&self) -> Pending<(), Outage> {
        (**self).condition()
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
