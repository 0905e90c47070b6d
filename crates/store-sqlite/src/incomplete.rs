//! Data that a copy fills: marked from before its first entry until it is verified, and not opened in between.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use lanyard_store::doctor::Report;
use lanyard_store::{MasterKeys, StoreError};
use rusqlite::{Connection, OpenFlags};

use crate::error::Result;
use crate::schema::{self, Accept, DATABASE, INCOMPLETE, LOCK};

/// Marks a database without streams. The directory is locked.
pub(crate) fn mark(connection: &Connection, directory: &Path) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) SELECT ?1, '' WHERE NOT EXISTS (SELECT 1 FROM stream)";
    match connection.execute(sql, [INCOMPLETE])? {
        0 => Err(StoreError::NotEmpty(schema::place(directory)).into()),
        _ => Ok(()),
    }
}

/// Verifies a data directory that a copy has filled.
///
/// # Errors
/// As for [`doctor`](crate::doctor()).
pub fn doctor_incomplete(directory: &Path, master: &MasterKeys) -> std::result::Result<Report, StoreError> {
    crate::doctor::report(directory, Accept::Incomplete, master)
}

/// Takes the mark off a data directory that a copy has filled.
///
/// # Errors
/// When it is not there or in use, or the database fails.
pub fn complete(directory: &Path) -> std::result::Result<(), StoreError> {
    Ok(unmark(directory)?)
}

fn unmark(directory: &Path) -> Result<()> {
    let _lock = schema::lock(directory)?;
    let connection = schema::connect(&directory.join(DATABASE), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")?;
    connection.execute("DELETE FROM meta WHERE key = ?1", [INCOMPLETE])?;
    // Nothing is left in the write-ahead log, so that the file has everything.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Keeps others from writing a data directory until the file is dropped; `None` where the lock cannot be made, as on a
/// disk that is only read.
///
/// # Errors
/// [`StoreError::InUse`] when a server writes there, and [`StoreError::Missing`] when there is no data.
pub fn lock_to_copy(directory: &Path) -> std::result::Result<Option<File>, StoreError> {
    if !directory.join(DATABASE).is_file() {
        return Err(StoreError::Missing(schema::place(directory)));
    }
    let path = directory.join(LOCK);
    let Ok(file) = OpenOptions::new().create(true).truncate(false).write(true).open(path) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(schema::place(directory))),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}
