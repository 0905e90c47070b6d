//! How state moves: changes, the entries of the log that carry them, and the draft in which an operation makes them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Directory, Id, Key, Kind, Resource, StreamId, Timestamp, shown};

/// One resource before and after: made, replaced or deleted.
///
/// Both sides are whole resources, so that the log is the audit trail, and reading it backwards undoes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Sides", into = "Sides")]
pub enum Change {
    /// The resource was not there before.
    Create(Resource),
    /// The resource was there and is another now; both have the same key.
    Update {
        /// As it was.
        before: Resource,
        /// As it is.
        after: Resource,
    },
    /// The resource is no longer there.
    Delete(Resource),
}

#[derive(Clone, Serialize, Deserialize)]
struct Sides {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Resource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Resource>,
}

impl TryFrom<Sides> for Change {
    type Error = &'static str;
    fn try_from(sides: Sides) -> Result<Self, Self::Error> {
        match (sides.before, sides.after) {
            (None, Some(after)) => Ok(Self::Create(after)),
            (Some(before), Some(after)) if before.key() == after.key() => Ok(Self::Update { before, after }),
            (Some(_), Some(_)) => Err("a change whose two sides are different resources"),
            (Some(before), None) => Ok(Self::Delete(before)),
            (None, None) => Err("a change with neither a before nor an after"),
        }
    }
}

impl From<Change> for Sides {
    fn from(change: Change) -> Self {
        match change {
            Change::Create(after) => Self { before: None, after: Some(after) },
            Change::Update { before, after } => Self { before: Some(before), after: Some(after) },
            Change::Delete(before) => Self { before: Some(before), after: None },
        }
    }
}

impl Change {
    /// The change between the two sides of a resource.
    ///
    /// # Errors
    /// There is neither side, or the two are different resources.
    pub fn from_sides(before: Option<Resource>, after: Option<Resource>) -> Result<Self, &'static str> {
        Sides { before, after }.try_into()
    }

    /// The resource as it was; `None` when it was made.
    #[must_use]
    pub fn before(&self) -> Option<&Resource> {
        match self {
            Self::Create(_) => None,
            Self::Update { before, .. } | Self::Delete(before) => Some(before),
        }
    }

    /// The resource as it is now; `None` when it was deleted.
    #[must_use]
    pub fn after(&self) -> Option<&Resource> {
        match self {
            Self::Create(after) | Self::Update { after, .. } => Some(after),
            Self::Delete(_) => None,
        }
    }

    /// The change that undoes this one.
    #[must_use]
    pub fn reversed(&self) -> Self {
        match self {
            Self::Create(it) => Self::Delete(it.clone()),
            Self::Update { before, after } => Self::Update { before: after.clone(), after: before.clone() },
            Self::Delete(it) => Self::Create(it.clone()),
        }
    }

    /// Which resource changed.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Create(it) | Self::Update { after: it, .. } | Self::Delete(it) => it.key(),
        }
    }
}

/// One entry of the log: what one acknowledged write did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When; never before the entry that precedes it in the stream.
    pub time: Timestamp,
    /// The actor: the owner of the access key.
    pub actor: String,
    /// The API operation, such as `UpdateSecurityProfile`.
    pub operation: String,
    /// The identifier that the answer carried.
    pub request_id: String,
    /// The changes. Empty for a write that changed nothing.
    pub changes: Vec<Change>,
    /// The erasure that it records, of what earlier entries had of people. It has no changes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasure: Option<Erasure>,
}

/// The record of an erasure: the earlier entries from which the personal data of users was removed, whose stored bytes
/// therefore no longer have the hash that the chain has of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The reason that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The users.
    pub users: Vec<Id>,
    /// The entries.
    pub entries: Vec<ErasedEntry>,
}

/// An entry of which a part was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedEntry {
    /// Its number in the stream.
    pub revision: u64,
    /// The hash that it would have in the chain by the bytes that are stored now: SHA-256 of the hash before it and of
    /// them, 64 hexadecimal digits.
    pub hash: String,
}

/// Why a change does not fit a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// The resource is not as the change has it before.
    Stale {
        /// The resource.
        key: Key,
    },
    /// Another resource of the kind has the name.
    NameTaken {
        /// The resource that was to have it.
        key: Key,
    },
    /// The resource refers to one that is not there.
    Missing {
        /// The resource that refers.
        key: Key,
        /// The missing resource.
        target: Key,
    },
    /// The resource cannot be deleted while another refers to it.
    InUse {
        /// The resource that was to be deleted.
        key: Key,
        /// One that refers to it.
        by: Key,
    },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale { key } => write!(f, "{key} is not as the change expects it"),
            Self::NameTaken { key } => write!(f, "the name of {key} is taken"),
            Self::Missing { key, target } => write!(f, "{key} refers to {target}, which does not exist"),
            Self::InUse { key, by } => write!(f, "{key} is in use by {by}"),
        }
    }
}

impl std::error::Error for Invalid {}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind.name(), shown(&self.id.to_string()))
    }
}

/// A state being changed by one operation: each change is visible to the ones that follow, and all take effect together
/// or not at all.
#[derive(Clone, Debug)]
pub struct Draft {
    directory: Directory,
    changes: Vec<Change>,
}

impl Draft {
    /// A draft on top of `directory`.
    #[must_use]
    pub fn new(directory: Directory) -> Self {
        Self { directory, changes: Vec::new() }
    }

    /// The state with the changes so far.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Makes or replaces a resource. Replacing it by an equal one changes nothing.
    ///
    /// # Errors
    /// See [`Invalid`]; the draft then is as it was.
    pub fn put(&mut self, resource: impl Into<Resource>) -> Result<(), Invalid> {
        let after = resource.into();
        match self.directory.get(after.kind(), &after.id()) {
            None => self.push(Change::Create(after)),
            Some(before) if before == after => Ok(()),
            Some(before) => self.push(Change::Update { before, after }),
        }
    }

    /// Deletes a resource.
    ///
    /// # Errors
    /// See [`Invalid`]; the draft then is as it was.
    pub fn delete(&mut self, kind: Kind, id: &Id) -> Result<(), Invalid> {
        match self.directory.get(kind, id) {
            Some(before) => self.push(Change::Delete(before)),
            None => Err(Invalid::Stale { key: Key { kind, id: id.clone() } }),
        }
    }

    fn push(&mut self, change: Change) -> Result<(), Invalid> {
        self.directory.apply(&change)?;
        self.changes.push(change);
        Ok(())
    }

    /// The changes so far, in the order in which they were made.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The changes, and the state after them as the entry at `time` leaves it.
    #[must_use]
    pub fn finish(self, time: Timestamp) -> (Vec<Change>, Directory) {
        let directory = self.directory.sealed(time);
        (self.changes, directory)
    }

    /// Which stream is being changed.
    #[must_use]
    pub fn stream(&self) -> &StreamId {
        self.directory.stream()
    }
}
