//! The store that a path names: a data directory or, where it is the URL of one, a PostgreSQL database.

use std::fs::File;
use std::path::{Path, PathBuf};

use lanyard_local_file::{LARGEST_OF_KEYS, read_text};
use lanyard_store::doctor::Report;
use lanyard_store::{MasterKeys, Store, StoreError};
use lanyard_store_postgres::{PostgresStore, Settings};
use lanyard_store_sqlite::SqliteStore;

/// The variable that has the keys themselves, for machines on which no file should.
const KEY: &str = "LANYARD_KEY";

/// A data directory or the URL of a database, and the file of the keys that its secrets are sealed with.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) key_file: Option<PathBuf>,
}

impl Place {
    /// A place whose keys are those of the environment.
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), key_file: std::env::var_os("LANYARD_KEY_FILE").map(PathBuf::from) }
    }

    /// The keys of the file or, without one, those of `LANYARD_KEY`; none where it is not set either.
    fn keys(&self) -> Result<MasterKeys, StoreError> {
        let wrong = |from: String, error: String| StoreError::Storage(format!("{from}: {error}"));
        if let Some(file) = &self.key_file {
            let from = || format!("the key file `{}`", file.display());
            let text = read_text(file, LARGEST_OF_KEYS).map_err(|error| wrong(from(), error.to_string()))?;
            return MasterKeys::parse(&text).map_err(|error| wrong(from(), error));
        }
        match std::env::var(KEY) {
            Ok(text) => MasterKeys::parse(&text).map_err(|error| wrong(format!("the variable {KEY}"), error)),
            Err(std::env::VarError::NotPresent) => Ok(MasterKeys::default()),
            Err(_) => Err(wrong(format!("the variable {KEY}"), "it is no text".to_owned())),
        }
    }

    /// The settings of the database, where the place is one.
    fn database(&self) -> Option<Result<Settings, StoreError>> {
        let url = self.path.to_str().filter(|text| Settings::is_url(text))?;
        let settings = Settings::read(url, &|name| std::env::var(name).ok());
        Some(settings.and_then(|settings| Ok(settings.with_keys(self.keys()?))))
    }
}

/// Whether a path is the URL of a database.
pub(crate) fn is_database(path: &Path) -> bool {
    path.to_str().is_some_and(Settings::is_url)
}

/// Opens a store to write and to read; makes it where there is none.
pub(crate) async fn open(place: &Place) -> Result<Box<dyn Store>, StoreError> {
    Ok(match place.database() {
        Some(settings) => Box::new(PostgresStore::open(&settings?).await?),
        None => Box::new(SqliteStore::open_with(&place.path, place.keys()?)?),
    })
}

/// Opens a store to read.
pub(crate) fn open_read_only(place: &Place) -> Result<Box<dyn Store>, StoreError> {
    Ok(match place.database() {
        Some(settings) => Box::new(wait(PostgresStore::open_read_only(&settings?))?),
        None => Box::new(SqliteStore::open_read_only_with(&place.path, place.keys()?)?),
    })
}

/// Verifies a store.
pub(crate) fn doctor(place: &Place) -> Result<Report, StoreError> {
    match place.database() {
        Some(settings) => wait(lanyard_store_postgres::doctor(&settings?)),
        None => lanyard_store_sqlite::doctor_with(&place.path, &place.keys()?),
    }
}

/// Opens an empty place for a copy, which is marked as incomplete until [`complete`].
pub(crate) fn open_incomplete(place: &Place) -> Result<Box<dyn Store>, StoreError> {
    Ok(match place.database() {
        Some(settings) => Box::new(wait(PostgresStore::open_incomplete(&settings?))?),
        None => Box::new(SqliteStore::open_incomplete(&place.path, place.keys()?)?),
    })
}

/// Verifies a store that a copy has filled.
pub(crate) fn doctor_incomplete(place: &Place) -> Result<Report, StoreError> {
    match place.database() {
        Some(settings) => wait(lanyard_store_postgres::doctor_incomplete(&settings?)),
        None => lanyard_store_sqlite::doctor_incomplete(&place.path, &place.keys()?),
    }
}

/// Takes the mark off a store that a copy has filled.
pub(crate) fn complete(place: &Place) -> Result<(), StoreError> {
    match place.database() {
        Some(settings) => wait(lanyard_store_postgres::complete(&settings?)),
        None => lanyard_store_sqlite::complete(&place.path),
    }
}

/// Keeps servers from writing a data directory until the file is dropped. A database has no such lock.
pub(crate) fn lock_to_copy(path: &Path) -> Result<Option<File>, StoreError> {
    if is_database(path) { Ok(None) } else { lanyard_store_sqlite::lock_to_copy(path) }
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| StoreError::Storage(format!("cannot start a runtime: {error}")))?;
    runtime.block_on(pending)
}
