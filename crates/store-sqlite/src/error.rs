//! Errors of the database, as errors of a store.

use lanyard_store::{AppendError, StoreError};
use rusqlite::types::FromSqlError;

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

/// An error of the database while it appended: nothing took effect.
pub(crate) fn appending(error: &rusqlite::Error) -> AppendError {
    AppendError::Storage(text(error))
}

fn text(error: &rusqlite::Error) -> String {
    format!("the database failed: {error}")
}
