//! Opening a data directory, and opening it again.

use lanyard_store::{AppendError, MasterKeys, Place, Store, StoreError};
use lanyard_store_sqlite::SqliteStore;

use crate::support::{Tip, append, assert_same, assert_sound, instance, open, profile};

#[tokio::test]
async fn the_directory_is_made_with_those_above_it() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("not/yet/there");
    let mut directory = Tip::empty(instance(1));
    open(&data).append(vec![append(&mut directory, 1, |_| {})]).await.unwrap();
    assert_same(&open(&data).load(&instance(1)).await.unwrap().unwrap(), &directory);
    assert_sound(&data);
}

#[tokio::test]
async fn one_writes_and_others_read() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let error = SqliteStore::open(data.path()).unwrap_err();
    assert_eq!(error, StoreError::InUse(Place::Directory(data.path().to_owned())));
    assert!(error.to_string().contains(&data.path().display().to_string()), "{error}");

    let reader = SqliteStore::open_read_only(data.path()).unwrap();
    assert!(reader.load(&instance(1)).await.unwrap().is_none());
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 1, |draft| draft.put(profile(1, "Agent")).unwrap());
    store.append(vec![first]).await.unwrap();
    assert_same(&reader.load(&instance(1)).await.unwrap().unwrap(), &directory);
    let second = append(&mut directory.clone(), 2, |_| {});
    assert!(matches!(reader.append(vec![second]).await, Err(AppendError::Refused(_))));
    drop(store);
    assert_same(&reader.load(&instance(1)).await.unwrap().unwrap(), &directory);
    drop(reader);
    assert_same(
        &SqliteStore::open_read_only(data.path()).unwrap().load(&instance(1)).await.unwrap().unwrap(),
        &directory,
    );
    open(data.path());
}

#[test]
fn reading_makes_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let absent = parent.path().join("absent");
    for directory in [&absent, &parent.path().to_owned()] {
        let missing = StoreError::Missing(Place::Directory(directory.clone()));
        assert_eq!(SqliteStore::open_read_only(directory).unwrap_err(), missing);
        assert_eq!(lanyard_store_sqlite::doctor(directory).unwrap_err(), missing);
    }
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
}

#[test]
fn a_later_format_is_refused() {
    let data = tempfile::tempdir().unwrap();
    drop(open(data.path()));
    let database = rusqlite::Connection::open(data.path().join("lanyard.db")).unwrap();
    database.execute("UPDATE meta SET value = '4' WHERE key = 'format'", []).unwrap();
    let newer = StoreError::NewerFormat { place: Place::Directory(data.path().to_owned()), format: 4, known: 3 };
    assert_eq!(SqliteStore::open(data.path()).unwrap_err(), newer);
    assert_eq!(lanyard_store_sqlite::doctor(data.path()).unwrap_err(), newer);
    assert!(newer.to_string().contains("format 4"), "{newer}");
}

#[test]
fn a_database_of_something_else_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let database = rusqlite::Connection::open(data.path().join("lanyard.db")).unwrap();
    database.execute("CREATE TABLE other (x)", []).unwrap();
    assert!(matches!(SqliteStore::open(data.path()).unwrap_err(), StoreError::Storage(_)));
    let path = data.path().join("lanyard.db");
    std::fs::write(&path, "not a database, but long enough to be looked at as if it might be one").unwrap();
    assert!(matches!(SqliteStore::open(data.path()).unwrap_err(), StoreError::Storage(_)));
}

#[tokio::test]
async fn data_that_a_copy_fills_is_opened_only_when_it_is_complete() {
    let data = tempfile::tempdir().unwrap();
    // A server that was started once, and wrote nothing.
    drop(open(data.path()));
    let store = SqliteStore::open_incomplete(data.path(), MasterKeys::default()).unwrap();
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 1, |draft| draft.put(profile(1, "Agent")).unwrap());
    store.append(vec![first]).await.unwrap();
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    drop(store);
    let incomplete = StoreError::Incomplete(Place::Directory(data.path().to_owned()));
    assert_eq!(SqliteStore::open(data.path()).unwrap_err(), incomplete);
    assert_eq!(SqliteStore::open_read_only(data.path()).unwrap_err(), incomplete);
    assert_eq!(SqliteStore::open_incomplete(data.path(), MasterKeys::default()).unwrap_err(), incomplete);
    assert_eq!(lanyard_store_sqlite::doctor(data.path()).unwrap_err(), incomplete);
    assert!(lanyard_store_sqlite::doctor_incomplete(data.path(), &MasterKeys::default()).unwrap().is_sound());
    lanyard_store_sqlite::complete(data.path()).unwrap();
    assert_sound(data.path());
    assert_same(&open(data.path()).load(&instance(1)).await.unwrap().unwrap(), &directory);
    let not_empty = StoreError::NotEmpty(Place::Directory(data.path().to_owned()));
    assert_eq!(SqliteStore::open_incomplete(data.path(), MasterKeys::default()).unwrap_err(), not_empty);
    assert_same(&open(data.path()).load(&instance(1)).await.unwrap().unwrap(), &directory);
}

#[test]
fn a_directory_that_is_copied_is_not_written() {
    let data = tempfile::tempdir().unwrap();
    let missing = StoreError::Missing(Place::Directory(data.path().to_owned()));
    assert_eq!(lanyard_store_sqlite::lock_to_copy(data.path()).unwrap_err(), missing);
    let in_use = StoreError::InUse(Place::Directory(data.path().to_owned()));
    let store = open(data.path());
    assert_eq!(lanyard_store_sqlite::lock_to_copy(data.path()).unwrap_err(), in_use);
    drop(store);
    let lock = lanyard_store_sqlite::lock_to_copy(data.path()).unwrap();
    assert!(lock.is_some());
    assert_eq!(SqliteStore::open(data.path()).unwrap_err(), in_use);
    drop(lock);
    open(data.path());
}
