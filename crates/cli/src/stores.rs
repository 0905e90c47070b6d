//! The store that a path names: a data directory or, where it is the URL of one, a PostgreSQL database.

use std::fs::File;
use std::path::Path;

use lanyard_store::doctor::Report;
use lanyard_store::{Store, StoreError};
use lanyard_store_postgres::{PostgresStore, Settings};
use lanyard_store_sqlite::SqliteStore;

/// The settings of a database, where the path is a URL.
fn database(path: &Path) -> Option<Result<Settings, StoreError>> {
    let url = path.to_str().filter(|text| Settings::is_url(text))?;
    Some(Settings::read(url, &|name| std::env::var(name).ok()))
}

/// Whether a path is the URL of a database.
pub(crate) fn is_database(path: &Path) -> bool {
    path.to_str().is_some_and(Settings::is_url)
}

/// Opens a store to write and to read; makes it where there is none.
pub(crate) async fn open(path: &Path) -> Result<Box<dyn Store>, StoreError> {
    Ok(match database(path) {
        Some(settings) => Box::new(PostgresStore::open(&settings?).await?),
        None => Box::new(SqliteStore::open(path)?),
    })
}

/// Opens a store to read.
pub(crate) fn open_read_only(path: &Path) -> Result<Box<dyn Store>, StoreError> {
    Ok(match database(path) {
        Some(settings) => Box::new(wait(PostgresStore::open_read_only(&settings?))?),
        None => Box::new(SqliteStore::open_read_only(path)?),
    })
}

/// Verifies a store.
pub(crate) fn doctor(path: &Path) -> Result<Report, StoreError> {
    match database(path) {
        Some(settings) => wait(lanyard_store_postgres::doctor(&settings?)),
        None => lanyard_store_sqlite::doctor(path),
    }
}

/// Opens an empty place for a copy, which is marked as incomplete until [`complete`].
pub(crate) fn open_incomplete(path: &Path) -> Result<Box<dyn Store>, StoreError> {
    Ok(match database(path) {
        Some(settings) => Box::new(wait(PostgresStore::open_incomplete(&settings?))?),
        None => Box::new(SqliteStore::open_incomplete(path)?),
    })
}

/// Verifies a store that a copy has filled.
pub(crate) fn doctor_incomplete(path: &Path) -> Result<Report, StoreError> {
    match database(path) {
        Some(settings) => wait(lanyard_store_postgres::doctor_incomplete(&settings?)),
        None => lanyard_store_sqlite::doctor_incomplete(path),
    }
}

/// Takes the mark off a store that a copy has filled.
pub(crate) fn complete(path: &Path) -> Result<(), StoreError> {
    match database(path) {
        Some(settings) => wait(lanyard_store_postgres::complete(&settings?)),
        None => lanyard_store_sqlite::complete(path),
    }
}

/// Keeps servers from writing a data directory until the file is dropped. A database has no such lock.
pub(crate) fn lock_to_copy(path: &Path) -> Result<Option<File>, StoreError> {
    match database(path) {
        Some(_) => Ok(None),
        None => lanyard_store_sqlite::lock_to_copy(path),
    }
}

/// A path as it is shown: a URL without its password.
pub(crate) fn shown(path: &Path) -> String {
    match path.to_str().filter(|text| Settings::is_url(text)) {
        Some(url) => Settings::without_password(url),
        None => path.display().to_string(),
    }
}

/// Waits for a store.
pub(crate) fn wait<T, E: From<StoreError>>(pending: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| StoreError::Storage(format!("cannot start a runtime: {error}")))?;
    runtime.block_on(pending)
}
