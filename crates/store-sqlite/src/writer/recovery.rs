//! The way on after the disk has failed a group.
//!
//! A full disk leaves the connection as it is: the next group may succeed. After any other failure of the disk the
//! connection is given up. The disk may hold a group whose commit failed, so that it would be there after a crash, until
//! the next commit has overwritten its first frame in the write-ahead log. Recovery therefore opens the database again,
//! compares it with all that was acknowledged, and commits something that leaves no trace; from then on the failed group
//! is known not to be there.

use lanyard_store::{AppendError, Cause, Outage};
use rusqlite::{Connection, ErrorCode};

use super::{Failed, Writer};
use crate::error::{Failure, outage, text};
use crate::schema;

impl Writer {
    /// Undoes a group that failed as a whole, and says why it is not written.
    pub(super) fn abandon(&mut self, failed: &Failed) -> AppendError {
        let Failed { error, at_commit } = failed;
        self.pending.clear();
        let is_rolled_back = self.connection.is_autocommit() || self.execute("ROLLBACK").is_ok();
        let outage = outage(error);
        let is_full = error.sqlite_error_code() == Some(ErrorCode::DiskFull);
        if is_rolled_back && !at_commit && outage.is_none() {
            return AppendError::Storage(text(error));
        }
        let mut outage = outage.unwrap_or_else(|| Outage { cause: Cause::DiskFailed, detail: text(error) });
        // The last frame of a commit is not written when the disk is full, and without it the others are nothing.
        self.is_suspect = !is_rolled_back || (!is_full && (*at_commit || outage.cause == Cause::DiskFailed));
        if self.is_suspect {
            match self.recover() {
                Ok(()) => return AppendError::Unavailable(outage),
                Err(_) if *at_commit => {
                    let detail =
                        format!("{outage}; this is about the commit, and whether it is on the disk is not known");
                    return AppendError::Unknown(detail);
                }
                Err(second) => outage = second,
            }
        }
        self.condition.began(&outage);
        AppendError::Unavailable(outage)
    }

    /// A failure of the database at one call of a group, which leaves the others as they are.
    pub(super) fn of_one_call(&self, error: &rusqlite::Error) -> AppendError {
        match outage(error) {
            Some(outage) => {
                self.condition.began(&outage);
                AppendError::Unavailable(outage)
            }
            None => AppendError::Storage(text(error)),
        }
    }

    /// Opens the database again, compares it with what was acknowledged, and makes sure that nothing of the failed group
    /// is there or comes back.
    pub(super) fn recover(&mut self) -> Result<(), Outage> {
        if let Some(lost) = self.condition.lost() {
            return Err(lost);
        }
        let result = self.reopen();
        match &result {
            Ok(()) => {
                self.is_suspect = false;
                self.condition.is_over();
                tracing::info!("the database was opened again and holds all that was acknowledged");
            }
            Err(outage) => self.condition.began(outage),
        }
        result
    }

    fn reopen(&mut self) -> Result<(), Outage> {
        // The old connection goes first: it may have a lock.
        let nothing = Connection::open_in_memory().map_err(|error| failed(&error.into()))?;
        drop(std::mem::replace(&mut self.connection, nothing));
        self.connection = schema::connect_to_write(&self.directory).map_err(|error| failed(&error))?;
        for (stream, acknowledged) in &self.heads {
            let head = self.head(stream).map_err(|error| failed(&error.into()))?;
            if head != *acknowledged {
                let detail = format!(
                    "{stream} is at revision {}, and revision {} was acknowledged",
                    head.revision, acknowledged.revision
                );
                return Err(Outage { cause: Cause::Lost, detail });
            }
        }
        let settle = || {
            self.execute("BEGIN IMMEDIATE")?;
            self.touch()?;
            self.execute("COMMIT")
        };
        settle().map_err(|error| failed(&error.into()))
    }
}

/// Why the database could not be opened again.
fn failed(failure: &Failure) -> Outage {
    let (known, detail) = match failure {
        Failure::Store(error) => (None, error.to_string()),
        Failure::Database(error) => (outage(error), text(error)),
    };
    known.unwrap_or(Outage { cause: Cause::DiskFailed, detail })
}
