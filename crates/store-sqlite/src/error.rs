//! Errors of the database, as errors of a store.

use lanyard_store::{Cause, Outage, StoreError};
use rusqlite::types::FromSqlError;
use rusqlite::{ErrorCode, ffi};

/// Why the database was not opened or read.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Its content or place is not as it must be.
    Store(StoreError),
    /// The database could not do it.
    Database(rusqlite::Error),
}

/// The outcome of opening or reading.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<FromSqlError> for Failure {
    fn from(error: FromSqlError) -> Self {
        Self::Database(error.into())
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Database(error) => Self::Storage(text(&error)),
        }
    }
}

/// The outage that an error of the database tells of; `None` for one that is about what was asked.
pub(crate) fn outage(error: &rusqlite::Error) -> Option<Outage> {
    let cause = match error.sqlite_error_code()? {
        ErrorCode::DiskFull => Cause::DiskFull,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Cause::ReadOnly,
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Cause::DiskFailed,
        ErrorCode::DatabaseBusy => Cause::Locked,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Cause::Damaged,
        _ => return None,
    };
    Some(Outage { cause, detail: text(error) })
}

/// Whether an error is one that the next call would meet as well.
pub(crate) fn is_of_disk(error: &rusqlite::Error) -> bool {
    outage(error).is_some_and(|outage| outage.cause != Cause::Damaged)
}

/// The text of an error. That of a failure of the disk names the request that failed.
pub(crate) fn text(error: &rusqlite::Error) -> String {
    let request = match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => ", in a read",
        Some(ffi::SQLITE_IOERR_WRITE) => ", in a write",
        Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) => ", in a sync",
        Some(ffi::SQLITE_IOERR_TRUNCATE) => ", in a change of a file's length",
        _ => "",
    };
    format!("the database failed: {error}{request}")
}
