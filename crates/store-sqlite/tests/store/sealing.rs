//! The bytes on the disk, and keys from outside.

use std::path::Path;
use std::time::{Duration, Instant};

use lanyard_model::{Draft, Id, Kind};
use lanyard_store::{MasterKeys, Store, StoreError};
use lanyard_store_sqlite::{SqliteStore, doctor_with};

use crate::support::{Tip, append, instance, put_routing_profile, secret, user};

/// The files of a data directory in which a text is.
fn files_with(data: &Path, text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for file in std::fs::read_dir(data).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if bytes.windows(text.len()).any(|it| it == text.as_bytes()) {
            names.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    names
}

fn ana(draft: &mut Draft) {
    put_routing_profile(draft);
    draft.put(user(7, "anastasia")).unwrap();
}

async fn fill(store: &SqliteStore) -> Tip {
    let mut tip = Tip::empty(instance(1));
    let first = append(&mut tip, 10, ana).with_secrets(vec![secret("password/ana", Some("argon2-of-a-word"))]);
    store.append(vec![first]).await.unwrap();
    store.append(vec![append(&mut tip, 11, |draft| draft.put(user(7, "anabella")).unwrap())]).await.unwrap();
    tip
}

async fn delete(store: &SqliteStore, tip: &mut Tip) {
    let delete = |draft: &mut Draft| draft.delete(Kind::User, &Id::from_uuid(7)).unwrap();
    let append = append(tip, 12, delete).with_secrets(vec![secret("password/ana", None)]);
    store.append(vec![append]).await.unwrap();
}

/// Waits until no file has any of the texts.
async fn wait_until_gone(data: &Path, texts: &[&str]) {
    let begun = Instant::now();
    loop {
        let left: Vec<_> = texts.iter().flat_map(|text| files_with(data, text)).collect();
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{left:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_a_deleted_person_is_left_while_the_store_runs() {
    let data = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(data.path()).unwrap();
    let mut tip = fill(&store).await;
    let texts = ["anastasia", "anabella", "Sandoval", "argon2-of-a-word"];
    // The person is there, and so is its present name.
    assert!(!files_with(data.path(), "anabella").is_empty());
    let key = store.person_keys(&instance(1)).await.unwrap().of(&Id::from_uuid(7)).unwrap().clone();
    let key_is_left = || {
        std::fs::read_dir(data.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(32).any(|it| it == key.expose())
        })
    };
    assert!(key_is_left());
    delete(&store, &mut tip).await;
    wait_until_gone(data.path(), &texts).await;
    assert!(!key_is_left());
    drop(store);
    assert!(texts.iter().all(|text| files_with(data.path(), text).is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_does_not_keep_the_bytes_for_ever() {
    let data = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(data.path()).unwrap();
    let mut tip = fill(&store).await;
    let reader = rusqlite::Connection::open(data.path().join("lanyard.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM log").unwrap();
    delete(&store, &mut tip).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    // Writes go on meanwhile.
    store.append(vec![append(&mut tip, 13, |_| {})]).await.unwrap();
    assert!(!files_with(data.path(), "anabella").is_empty());
    reader.execute_batch("COMMIT").unwrap();
    wait_until_gone(data.path(), &["anastasia", "anabella"]).await;
}

fn keys(bytes: &[u8]) -> MasterKeys {
    let text: Vec<String> = bytes.iter().map(|byte| lanyard_store::chain::hex(&[*byte; 32])).collect();
    MasterKeys::parse(&text.join(",")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_and_keys_are_sealed_with_a_key_from_outside() {
    let data = tempfile::tempdir().unwrap();
    let open = |bytes: &[u8]| {
        SqliteStore::open_with(data.path(), if bytes.is_empty() { MasterKeys::default() } else { keys(bytes) })
    };
    let mut tip = fill(&open(&[]).unwrap()).await;
    let report = doctor_with(data.path(), &MasterKeys::default()).unwrap();
    assert!(report.is_sound() && report.keys == 2, "{report}");
    assert!(!files_with(data.path(), "argon2-of-a-word").is_empty());

    // Values from before are opened as they are; new ones are sealed.
    let store = open(&[1]).unwrap();
    assert_eq!(store.secret(&instance(1), "password/ana").await.unwrap().unwrap().expose(), b"argon2-of-a-word");
    let second = append(&mut tip, 12, |draft| draft.put(user(8, "bo")).unwrap());
    store.append(vec![second.with_secrets(vec![secret("password/bo", Some("argon2-of-another"))])]).await.unwrap();
    assert!(files_with(data.path(), "argon2-of-another").is_empty());
    assert_eq!(store.secret(&instance(1), "password/bo").await.unwrap().unwrap().expose(), b"argon2-of-another");
    let key = store.person_keys(&instance(1)).await.unwrap().of(&Id::from_uuid(8)).unwrap().clone();
    assert!(!std::fs::read(data.path().join("lanyard.db-wal")).unwrap().windows(32).any(|it| it == key.expose()));
    // All of it, on request.
    assert_eq!(store.reseal().await.unwrap(), 3);
    assert_eq!(store.reseal().await.unwrap(), 0);
    wait_until_gone(data.path(), &["argon2-of-a-word"]).await;
    drop(store);

    // Without the key, or with another, nothing is written, and what is sealed is not read.
    assert!(matches!(open(&[]), Err(StoreError::Sealed { is_given: false, .. })));
    assert!(matches!(open(&[2]), Err(StoreError::Sealed { is_given: true, .. })));
    assert!(matches!(doctor_with(data.path(), &keys(&[2])), Err(StoreError::Sealed { .. })));
    let reader = SqliteStore::open_read_only(data.path()).unwrap();
    assert_eq!(reader.load(&instance(1)).await.unwrap().unwrap().directory.users.len(), 2);
    for error in [
        reader.secret(&instance(1), "password/ana").await.unwrap_err().to_string(),
        reader.read(&instance(1), 0, 9).await.unwrap_err().to_string(),
    ] {
        assert!(error.contains("--key-file") && !error.contains("argon2"), "{error}");
    }
    assert!(reader.reseal().await.is_err());
    drop(reader);

    // Rotation: the new key first, both until everything is sealed with the new one.
    let store = open(&[2, 1]).unwrap();
    assert_eq!(store.secret(&instance(1), "password/ana").await.unwrap().unwrap().expose(), b"argon2-of-a-word");
    drop(store);
    assert!(matches!(open(&[2]), Err(StoreError::Sealed { .. })));
    assert_eq!(open(&[2, 1]).unwrap().reseal().await.unwrap(), 5);
    let store = open(&[2]).unwrap();
    let entries = store.read(&instance(1), 0, 9).await.unwrap();
    assert_eq!(entries[0].entry.changes[3].after().unwrap().name(), Some("anastasia"));
    drop(store);
    assert!(doctor_with(data.path(), &keys(&[2])).unwrap().is_sound());
    assert!(matches!(open(&[1]), Err(StoreError::Sealed { .. })));
}

#[tokio::test]
async fn a_value_is_not_opened_in_another_place() {
    let data = tempfile::tempdir().unwrap();
    let store = SqliteStore::open_with(data.path(), keys(&[1])).unwrap();
    fill(&store).await;
    drop(store);
    let database = rusqlite::Connection::open(data.path().join("lanyard.db")).unwrap();
    database.execute("UPDATE secret SET name = 'password/bo'", []).unwrap();
    database.execute("UPDATE person_key SET person = ?1", [Id::from_uuid(8).to_string()]).unwrap();
    drop(database);
    let store = SqliteStore::open_with(data.path(), keys(&[1])).unwrap();
    let error = store.secret(&instance(1), "password/bo").await.unwrap_err().to_string();
    assert!(error.contains("cannot be opened with its key"), "{error}");
    let report = doctor_with(data.path(), &keys(&[1])).unwrap();
    assert!(report.faults.iter().any(|it| it.fault.contains("cannot be opened with its key")), "{report}");
}

#[tokio::test]
async fn entries_of_a_later_format_are_refused() {
    let data = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(data.path()).unwrap());
    let database = rusqlite::Connection::open(data.path().join("lanyard.db")).unwrap();
    assert_eq!(database.execute("UPDATE meta SET value = '3' WHERE key = 'entry-format'", []).unwrap(), 1);
    drop(database);
    let error = SqliteStore::open(data.path()).unwrap_err();
    assert!(matches!(error, StoreError::EntryFormat { format: 3, known: 2, .. }), "{error}");
    assert!(error.to_string().contains("use a later version"), "{error}");
}
