//! Values as the database has them.

use lanyard_store::Hash;
use tokio_postgres::{Error, Row};

/// The hash of a column; `None` when it has another length.
pub(crate) fn hash(row: &Row, column: usize) -> Result<Option<Hash>, Error> {
    Ok(Hash::try_from(row.try_get::<_, &[u8]>(column)?).ok())
}

/// The text of a column of bytes. This crate writes only text there.
pub(crate) fn lossy(row: &Row, column: usize) -> Result<String, Error> {
    Ok(String::from_utf8_lossy(row.try_get(column)?).into_owned())
}

/// A number as the database takes it.
pub(crate) fn number(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}
