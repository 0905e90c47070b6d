//! One entry on its way into the log, and the place that it takes.

use lanyard_model::{Change, Entry, Id, Resource, StreamId, Timestamp};

use crate::chain::{Hash, hex, link, origin};
use crate::record::{self, Written};
use crate::sealing::Sealing;
use crate::{AppendError, CellsOf, Logged, PersonKey, SecretChange};

/// The place of an entry in a stream: its number and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The number of the entry; 0 before the first.
    pub revision: u64,
    /// The hash of the entry; before the first, [`origin`] of the stream's name.
    pub hash: Hash,
}

impl Position {
    /// The place before the first entry of a stream.
    #[must_use]
    pub fn origin(stream: &StreamId) -> Self {
        Self { revision: 0, hash: origin(&stream.to_string()) }
    }
}

/// One entry to be appended to one stream, in the bytes that are stored and hashed.
///
/// It can be appended after exactly one entry, the one that it was made to follow.
#[derive(Clone, Debug)]
pub struct Append(pub(crate) AppendParts);

/// The parts of an append, for a store that writes it.
#[derive(Clone, Debug)]
pub struct AppendParts {
    /// The stream.
    pub stream: StreamId,
    /// The hash of the entry that it follows.
    pub follows: Hash,
    /// The place that it takes.
    pub position: Position,
    /// The entry's time, which is not before that of the entry that it follows.
    pub time: Timestamp,
    /// The changes that the entry carries.
    pub changes: Vec<Change>,
    /// The entry in the bytes that are stored and hashed.
    pub record: String,
    /// Whether the stream ends with it.
    pub closes: bool,
    /// The new values of the stream's secrets.
    pub secrets: Vec<SecretChange>,
    /// Other streams and the entries that must be their last.
    pub guards: Vec<(StreamId, Position)>,
    /// The cells that are deleted with it.
    pub ended_cells: Vec<CellsOf>,
    /// The entry that last changed each resource of `changes`, where that is not the append's own: an append of a copy.
    pub changed_at: Option<Vec<u64>>,
    /// Keys of people, which are stored where they are not.
    pub keys: Vec<PersonKey>,
    /// The people whose keys are destroyed.
    pub erased: Vec<Id>,
    /// The stored bytes that take the place of those of earlier entries, by their numbers: the erasure of a part of them,
    /// which this entry records.
    pub redactions: Vec<(u64, String)>,
    /// Whether the entry records an erasure. Only such an entry can be appended to a stream that has ended.
    pub is_erasure: bool,
}

impl Append {
    /// The entry as the next one after `follows`, sealed as the store that it is for says ([`crate::Store::sealing`]). The
    /// entry's time is not before that of the entry that it follows.
    ///
    /// # Errors
    /// [`AppendError::Refused`] when the entry cannot be written as JSON, or the system has no randomness.
    pub fn new(sealing: &Sealing, stream: &StreamId, follows: &Position, entry: Entry) -> Result<Self, AppendError> {
        Self::make(sealing, stream, follows, entry, false)
    }

    /// The same, as the entry with which the stream ends: the resources that are left, their names, the secrets and the
    /// keys of people are removed; the log stays, and nothing can be appended to it.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub fn closing(
        sealing: &Sealing,
        stream: &StreamId,
        follows: &Position,
        entry: Entry,
    ) -> Result<Self, AppendError> {
        Self::make(sealing, stream, follows, entry, true)
    }

    fn make(
        sealing: &Sealing,
        stream: &StreamId,
        follows: &Position,
        entry: Entry,
        closes: bool,
    ) -> Result<Self, AppendError> {
        let revision = follows.revision + 1;
        let written = record::write(sealing, stream, revision, &hex(&follows.hash), closes, &entry);
        let Written { record, keys, erased } =
            written.map_err(|error| AppendError::Refused(format!("cannot write an entry of {stream}: {error}")))?;
        let hash = link(&follows.hash, record.as_bytes());
        Ok(Self(AppendParts {
            stream: stream.clone(),
            follows: follows.hash,
            position: Position { revision, hash },
            time: entry.time,
            changes: entry.changes,
            record,
            closes,
            secrets: Vec::new(),
            guards: Vec::new(),
            ended_cells: Vec::new(),
            changed_at: None,
            keys,
            erased,
            redactions: Vec::new(),
            is_erasure: false,
        }))
    }

    /// An entry as another store has it, as the next one after `follows`, in the same bytes and with the same hash. The
    /// current resources change by `resources` only, whatever the entry's own changes are: each is a resource that is not
    /// there yet, with the revision of the entry that last changed it.
    ///
    /// # Errors
    /// [`AppendError::Refused`] when the entry does not follow, or its hash is not that of its bytes.
    pub fn copied(
        stream: &StreamId,
        follows: &Position,
        logged: Logged,
        resources: Vec<(u64, Resource)>,
    ) -> Result<Self, AppendError> {
        let is_next = logged.follows(&follows.hash);
        let Logged { revision, hash, closes, entry, record, .. } = logged;
        if revision != follows.revision + 1 || !is_next {
            let after = follows.revision;
            return Err(AppendError::Refused(format!("{stream} revision {revision} does not follow revision {after}")));
        }
        let is_erasure = entry.erasure.is_some();
        let (changed_at, changes) = resources.into_iter().map(|(at, it)| (at, Change::Create(it))).unzip();
        Ok(Self(AppendParts {
            stream: stream.clone(),
            follows: follows.hash,
            position: Position { revision, hash },
            time: entry.time,
            changes,
            record: record.into(),
            closes,
            secrets: Vec::new(),
            guards: Vec::new(),
            ended_cells: Vec::new(),
            changed_at: Some(changed_at),
            keys: Vec::new(),
            erased: Vec::new(),
            redactions: Vec::new(),
            is_erasure,
        }))
    }

    /// Replaces the stored bytes of earlier entries, as the entry records.
    #[must_use]
    pub(crate) fn with_redactions(mut self, redactions: Vec<(u64, String)>) -> Self {
        self.0.redactions = redactions;
        self.0.is_erasure = true;
        self
    }

    /// Stores keys of people in the same transaction, in addition to those that the entry is sealed with: for a copy.
    #[must_use]
    pub fn with_keys(mut self, keys: Vec<PersonKey>) -> Self {
        self.0.keys.extend(keys);
        self
    }

    /// Changes the stream's secrets in the same transaction.
    #[must_use]
    pub fn with_secrets(mut self, secrets: Vec<SecretChange>) -> Self {
        self.0.secrets = secrets;
        self
    }

    /// Deletes cells in the same transaction.
    #[must_use]
    pub fn with_ended_cells(mut self, cells: Vec<CellsOf>) -> Self {
        self.0.ended_cells = cells;
        self
    }

    /// Makes the append rest on other streams: it is accepted only while each has this last entry, and else conflicts.
    #[must_use]
    pub fn with_guards(mut self, guards: Vec<(StreamId, Position)>) -> Self {
        self.0.guards = guards;
        self
    }

    /// The stream.
    #[must_use]
    pub fn stream(&self) -> &StreamId {
        &self.0.stream
    }

    /// The place that the entry takes, which the next entry follows.
    #[must_use]
    pub fn position(&self) -> Position {
        self.0.position
    }

    /// The changes that the entry carries.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.0.changes
    }

    /// The parts of which it is made.
    #[must_use]
    pub fn into_parts(self) -> AppendParts {
        self.0
    }
}
