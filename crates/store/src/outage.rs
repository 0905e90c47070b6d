//! Why a store takes no writes for now.

use std::fmt;

/// A store that takes no writes, or cannot be reached. It may again later, without a restart, unless the cause is
/// [`Cause::Lost`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// The cause, which clients may know.
    pub cause: Cause,
    /// The storage's own message, for the log.
    pub detail: String,
}

/// The kinds of outage. `Display` is a clause for a message, such as `the disk is full`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The disk has no room.
    DiskFull,
    /// The disk, or the database's files, cannot be written.
    ReadOnly,
    /// The disk answers with errors.
    DiskFailed,
    /// Another process has locked the database.
    Locked,
    /// The database's files are not as a database's are.
    Damaged,
    /// The database server does not answer, or does not take writes.
    Unreachable,
    /// Acknowledged entries are not on the disk any more. Nothing is written before a restart.
    Lost,
}

impl Cause {
    /// A word for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DiskFull => "disk-full",
            Self::ReadOnly => "read-only",
            Self::DiskFailed => "disk-failed",
            Self::Locked => "locked",
            Self::Damaged => "damaged",
            Self::Unreachable => "unreachable",
            Self::Lost => "lost",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DiskFull => "the disk is full",
            Self::ReadOnly => "the disk is read-only",
            Self::DiskFailed => "the disk answers with errors",
            Self::Locked => "another process has locked the database",
            Self::Damaged => "the database is damaged; `lanyard doctor` lists the damage",
            Self::Unreachable => "the database server cannot be reached",
            Self::Lost => "acknowledged entries are not on the disk any more; restore a backup",
        })
    }
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.cause, self.detail)
    }
}

impl std::error::Error for Outage {}
