//! The errors of a store. No message holds a secret.

use std::fmt;
use std::path::PathBuf;

use lanyard_model::StreamId;

use crate::Outage;

/// The reason why an append is not known to be on disk. Nothing was appended, except possibly with [`Self::Unknown`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendError {
    /// The stream's last entry is not the one that the append follows. Catch up, validate again, append again.
    Conflict {
        /// The stream.
        stream: StreamId,
        /// The revision of its last entry.
        head: u64,
    },
    /// A resource, of this stream or another, has the name.
    NameTaken {
        /// Within what the name is unique.
        scope: String,
        /// The name, as it is compared.
        name: String,
    },
    /// The append does not fit the content of the store, and will not after a retry.
    Refused(String),
    /// More appends wait than the storage can keep up with. Try again later.
    Busy,
    /// The storage failed before anything took effect.
    Storage(String),
    /// The storage failed at a moment at which the entries may or may not have taken effect. Look for them by their
    /// hashes first.
    Unknown(String),
    /// The store takes no writes for now. Nothing was appended.
    Unavailable(Outage),
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { stream, head } => {
                write!(f, "{stream} is at revision {head}, whose entry is not the one that was to be followed")
            }
            Self::NameTaken { scope, name } => write!(f, "the name `{name}` is taken in {scope}"),
            Self::Busy => f.write_str("too many writes wait for the disk"),
            Self::Refused(message) | Self::Storage(message) | Self::Unknown(message) => f.write_str(message),
            Self::Unavailable(outage) => outage.fmt(f),
        }
    }
}

impl std::error::Error for AppendError {}

/// Where a store keeps its data. `Display` names it as a message does, without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A directory.
    Directory(PathBuf),
    /// A database of a server, as `HOST:PORT/DATABASE`.
    Database(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => write!(f, "the data directory `{}`", path.display()),
            Self::Database(name) => write!(f, "the database `{name}`"),
        }
    }
}

/// Why a store could not be opened or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// Another process writes there, and only one may.
    InUse(Place),
    /// There is no data there, or no such place.
    Missing(Place),
    /// A later version wrote the data.
    NewerFormat {
        /// Where.
        place: Place,
        /// Its format.
        format: u32,
        /// The latest format that this version supports.
        known: u32,
    },
    /// A copy into it did not end.
    Incomplete(Place),
    /// There are streams there, and there must be none.
    NotEmpty(Place),
    /// Secrets there are sealed with a key that was not given.
    Sealed {
        /// Where.
        place: Place,
        /// The number of the key.
        key: String,
        /// Whether other keys were given.
        is_given: bool,
    },
    /// A node that cannot read the newest entries may not use the data.
    EntryFormat {
        /// Where.
        place: Place,
        /// The format of the newest entries.
        format: u32,
        /// The newest format of entries that this version reads.
        known: u32,
    },
    /// The storage failed, or holds what cannot be read.
    Storage(String),
    /// The entries that were asked for are in an archive and no longer in the store.
    Archived {
        /// The stream.
        stream: StreamId,
        /// The last entry that was archived. The state after it, and everything after that, is in the store.
        revision: u64,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(place) => write!(f, "{place} is in use by another server"),
            Self::Missing(Place::Directory(directory)) => {
                write!(f, "there is no Lanyard data in `{}`", directory.display())
            }
            Self::Missing(Place::Database(name)) => write!(f, "there is no Lanyard data in the database `{name}`"),
            Self::NewerFormat { place, format, known } => write!(
                f,
                "{place} has format {format}, and this version knows formats up to {known}; \
                 use the version of Lanyard that wrote it, or a later one"
            ),
            Self::Incomplete(place) => write!(
                f,
                "{place} is incomplete: a copy into it did not end; delete what is there, and copy or restore again"
            ),
            Self::NotEmpty(place) => write!(f, "{place} is not empty, and a copy needs an empty place"),
            Self::Sealed { place, key, is_given: false } => write!(
                f,
                "the secrets in {place} are sealed with the key {key}; give the key with --key-file FILE or in \
                 LANYARD_KEY_FILE or LANYARD_KEY"
            ),
            Self::Sealed { place, key, is_given: true } => write!(
                f,
                "the secrets in {place} are sealed with the key {key}, and none of the keys that were given is that one"
            ),
            Self::EntryFormat { place, format, known } => write!(
                f,
                "{place} has entries of format {format}, and this version reads entries up to format {known}; use a later \
                 version of Lanyard"
            ),
            Self::Storage(message) => f.write_str(message),
            Self::Archived { stream, revision } => write!(
                f,
                "the entries of {stream} up to revision {revision} were archived and are no longer in the store; \
                 `lanyard history --archive FILE` reads them in the file of the archive"
            ),
        }
    }
}

impl std::error::Error for StoreError {}
