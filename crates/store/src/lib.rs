//! The log: what every acknowledged write did, and the state that it led to.
//!
//! Nothing else in the project knows how state is kept. What always holds:
//!
//! - Each stream's entries are numbered from 1 without gaps, and appending a number that exists fails. That is the
//!   whole control of concurrency: whoever loses catches up and validates again.
//! - The current resources, the unique names and the secrets are changed in the transaction that appends the entry, so
//!   they are never ahead of the log or behind it.
//! - An append that was acknowledged is on disk.
//! - Each entry carries the hash of the one before ([`chain`]), so that a changed entry does not go unseen.
//! - Secrets are in a table of their own and nowhere else.
//!
//! [`SqliteStore`] keeps all this in one data directory; [`doctor()`] verifies one.

pub mod chain;
pub mod doctor;
mod error;
mod history;
mod secret;
mod sqlite;

use std::pin::Pin;

use lanyard_model::{Directory, Entry, StreamId};

pub use chain::Hash;
pub use doctor::{Fault, Report, doctor};
pub use error::{AppendError, StoreError};
pub use history::{Moment, state_at};
pub use secret::{Secret, SecretChange};
pub use sqlite::SqliteStore;

/// An answer to come. What was asked for is under way already: dropping this abandons the answer alone.
pub type Pending<T, E = StoreError> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// Whether an append took effect, to come.
pub type AppendFuture = Pending<(), AppendError>;

/// One entry to be appended to one stream.
#[derive(Clone, Debug)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// The revision of the stream's last entry; 0 for a new stream.
    pub expected_revision: u64,
    /// The entry. Its time is not before that of the stream's last entry.
    pub entry: Entry,
    /// What becomes of the stream's secrets.
    pub secrets: Vec<SecretChange>,
    /// Whether the stream ends with this entry. The resources that are left, their names and the secrets are removed;
    /// the log stays, and nothing can be appended to it.
    pub closes: bool,
}

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

/// Where the log is kept.
pub trait Store: Send + Sync + 'static {
    /// Appends entries, to one stream or several: all take effect, in this order, or none does. The place in the queue
    /// is taken when this is called, not when the answer is awaited, so that a caller can append on top of what it has
    /// not been told of yet. When the answer is `Ok`, the entries are on disk.
    ///
    /// # Errors
    /// See [`AppendError`].
    fn append(&self, appends: Vec<Append>) -> AppendFuture;

    /// The state of a stream after its last entry; `None` when it has no entry or has ended.
    ///
    /// # Errors
    /// When the storage fails or holds what this version cannot read.
    fn load(&self, stream: &StreamId) -> Pending<Option<Directory>>;

    /// The registries that have an entry, in the order of their names.
    ///
    /// # Errors
    /// When the storage fails.
    fn registries(&self) -> Pending<Vec<StreamId>>;

    /// At most `limit` entries of a stream after the revision `after`, oldest first, whether it has ended or not.
    ///
    /// # Errors
    /// When the storage fails or holds what this version cannot read.
    fn read(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<Logged>>;

    /// A stream's secret.
    ///
    /// # Errors
    /// When the storage fails.
    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>>;
}
