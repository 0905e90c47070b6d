//! Cells: small rows outside the log that the nodes of a store share and that expire, such as sessions.
//!
//! Invariants:
//!
//! - A change of a cell is on disk, and seen by every node, before it is answered.
//! - A cell is replaced only by a caller who knows its value, so that of two that change it at once one has to look again.
//! - A cell holds no secret: the key of a session is the hash of its token.
//!
//! A store has no clock. A cell that has expired is there until [`CellChange::Sweep`] removes it; its reader compares
//! the times.

use lanyard_model::{StreamId, Timestamp};

use crate::Secret;

/// The content of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The owner, by which cells are listed and deleted: parts with `/` in between, such as `INSTANCE/USER`. Empty where
    /// nobody owns the cell.
    pub owner: String,
    /// The value.
    pub value: Vec<u8>,
    /// When it expires, after which it may be removed.
    pub expires: Timestamp,
}

/// The cells of a kind that an owner has, and those that the owners below have: the cells of `a` are those with the owner
/// `a`, and those whose owners begin with `a/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellsOf {
    /// The kind.
    pub kind: &'static str,
    /// The owner.
    pub owner: String,
}

impl CellsOf {
    /// Whether a cell of this kind and owner is one of them.
    #[must_use]
    pub fn has(&self, kind: &str, owner: &str) -> bool {
        let is_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
        self.kind == kind && owner.strip_prefix(self.owner.as_str()).is_some_and(is_below)
    }

    /// The owners below, as a range in the order of bytes: from the first text up to, and without, the second.
    #[must_use]
    pub fn below(&self) -> (String, String) {
        // `0` comes after `/`.
        (format!("{}/", self.owner), format!("{}0", self.owner))
    }
}

/// A secret that must have a value at the moment at which a cell is made.
#[derive(Clone, Debug)]
pub struct SecretGuard {
    /// The stream of the secret.
    pub stream: StreamId,
    /// The name of the secret.
    pub name: String,
    /// The value that it must have.
    pub value: Secret,
}

/// A change of cells.
#[derive(Clone, Debug)]
pub enum CellChange {
    /// Makes a cell, or replaces the one that has the expected value.
    Put {
        /// The kind.
        kind: &'static str,
        /// The key, which is unique within the kind.
        key: Vec<u8>,
        /// The content.
        cell: Cell,
        /// The value that the cell must have; `None` where there must be no such cell.
        expected: Option<Vec<u8>>,
    },
    /// Makes a cell where there is none and the secret has the value. An append that changes the secret and ends the cells
    /// ([`Append::with_ended_cells`](crate::Append::with_ended_cells)) comes wholly before or wholly after.
    PutWhile {
        /// The kind.
        kind: &'static str,
        /// The key.
        key: Vec<u8>,
        /// The content.
        cell: Cell,
        /// The secret.
        secret: SecretGuard,
    },
    /// Deletes one cell.
    Delete {
        /// The kind.
        kind: &'static str,
        /// The key.
        key: Vec<u8>,
    },
    /// Deletes the cells of an owner.
    DeleteOf(CellsOf),
    /// Deletes cells of all kinds that expired before this time, at most [`SWEPT_AT_ONCE`] of them.
    Sweep(Timestamp),
}

/// How many cells one [`CellChange::Sweep`] removes at most, so that nothing waits for it long.
pub const SWEPT_AT_ONCE: u32 = 1_000;
