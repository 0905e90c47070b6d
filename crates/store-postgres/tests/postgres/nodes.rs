//! Nodes of several versions, and keys from outside.

use lanyard_model::{Draft, Id, Kind};
use lanyard_store::{MasterKeys, Store, StoreError};
use lanyard_store_postgres::{PostgresStore, doctor};

use crate::support::{Database, Tip, append, connect, instance, put_routing_profile, secret, user};

const NOW: &str = "CAST(extract(epoch FROM now()) * 1000 AS bigint)";

async fn meta(database: &Database, key: &str) -> Option<String> {
    let sql = "SELECT value FROM lanyard_meta WHERE key = $1";
    connect(&database.url).await.query_opt(sql, &[&key]).await.unwrap().map(|row| row.get(0))
}

async fn nodes(database: &Database) -> i64 {
    connect(&database.url).await.query_one("SELECT count(*) FROM lanyard_node", &[]).await.unwrap().get(0)
}

/// Appends a user as the store says that entries are written, and returns whether the entry has the name in clear.
async fn writes_in_clear(store: &PostgresStore, number: u128) -> bool {
    let tip = Tip::empty(instance(number));
    let mut draft = Draft::new(tip.directory.clone());
    put_routing_profile(&mut draft);
    draft.put(user(7, "anastasia")).unwrap();
    let (changes, _) = draft.finish(lanyard_model::Timestamp(10));
    let entry = lanyard_model::Entry {
        time: lanyard_model::Timestamp(10),
        actor: "alice".into(),
        operation: "CreateUser".into(),
        request_id: "1".into(),
        changes,
        erasure: None,
    };
    let append = lanyard_store::Append::new(store.sealing(), &instance(number), &tip.position, entry).unwrap();
    store.append(vec![append]).await.unwrap();
    let entries = store.read(&instance(number), 0, 9).await.unwrap();
    assert_eq!(entries[0].entry.changes[3].after().unwrap().name(), Some("anastasia"));
    entries[0].record.contains("anastasia")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_node_holds_back_what_it_cannot_read() {
    let Some(database) = Database::new().await else { return };
    // The tables, as the older node would have made them, and the older node.
    drop(database.open().await);
    assert_eq!(nodes(&database).await, 0);
    database.execute("DELETE FROM lanyard_meta WHERE key = 'entry-format'").await;
    database.execute(&format!("INSERT INTO lanyard_node VALUES ('older', 1, {NOW})")).await;
    let store = database.open().await;
    assert_eq!(nodes(&database).await, 2);
    assert!(writes_in_clear(&store, 1).await);
    assert_eq!(meta(&database, "entry-format").await, None);
    drop(store);
    // It was last seen long ago.
    database.execute(&format!("UPDATE lanyard_node SET seen = {NOW} - 600000")).await;
    let store = database.open().await;
    assert!(!writes_in_clear(&store, 2).await);
    assert_eq!(meta(&database, "entry-format").await.as_deref(), Some("2"));
    drop(store);
    database.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_read_the_entries_does_not_start() {
    let Some(database) = Database::new().await else { return };
    drop(database.open().await);
    database.execute("UPDATE lanyard_meta SET value = '3' WHERE key = 'entry-format'").await;
    for error in [
        PostgresStore::open(&database.settings()).await.unwrap_err(),
        PostgresStore::open_read_only(&database.settings()).await.unwrap_err(),
        doctor(&database.settings()).await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::EntryFormat { format: 3, known: 2, .. }), "{error}");
    }
    assert_eq!(nodes(&database).await, 0);
}

fn keys(bytes: &[u8]) -> MasterKeys {
    let text: Vec<String> = bytes.iter().map(|byte| lanyard_store::chain::hex(&[*byte; 32])).collect();
    MasterKeys::parse(&text.join(",")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_and_keys_are_sealed_with_a_key_from_outside() {
    let Some(database) = Database::new().await else { return };
    let with = |bytes: &[u8]| database.settings().with_keys(keys(bytes));
    let ana = |draft: &mut Draft| {
        put_routing_profile(draft);
        draft.put(user(7, "anastasia")).unwrap();
    };
    let mut tip = Tip::empty(instance(1));
    let first = append(&mut tip, 10, ana).with_secrets(vec![secret("password/ana", Some("argon2-of-a-word"))]);
    database.open().await.append(vec![first]).await.unwrap();

    let store = PostgresStore::open(&with(&[1])).await.unwrap();
    let second = append(&mut tip, 11, |draft| draft.put(user(8, "bo")).unwrap());
    store.append(vec![second.with_secrets(vec![secret("password/bo", Some("argon2-of-another"))])]).await.unwrap();
    for (name, value) in [("password/ana", "argon2-of-a-word"), ("password/bo", "argon2-of-another")] {
        assert_eq!(store.secret(&instance(1), name).await.unwrap().unwrap().expose(), value.as_bytes());
    }
    let in_clear = "SELECT count(*) FROM lanyard_secret WHERE position('argon2'::bytea IN value) > 0";
    let in_clear = async || connect(&database.url).await.query_one(in_clear, &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(in_clear().await, 1);
    assert_eq!(store.reseal().await.unwrap(), 2);
    assert_eq!(in_clear().await, 0);
    drop(store);

    let error = PostgresStore::open(&database.settings()).await.unwrap_err();
    assert!(matches!(error, StoreError::Sealed { is_given: false, .. }), "{error}");
    let error = PostgresStore::open(&with(&[2])).await.unwrap_err();
    assert!(matches!(error, StoreError::Sealed { is_given: true, .. }), "{error}");
    assert!(matches!(doctor(&database.settings()).await, Err(StoreError::Sealed { .. })));
    let reader = PostgresStore::open_read_only(&database.settings()).await.unwrap();
    assert_eq!(reader.load(&instance(1)).await.unwrap().unwrap().directory.users.len(), 2);
    let error = reader.read(&instance(1), 0, 9).await.unwrap_err().to_string();
    assert!(error.contains("--key-file"), "{error}");
    drop(reader);

    let store = PostgresStore::open(&with(&[2, 1])).await.unwrap();
    assert_eq!(store.reseal().await.unwrap(), 4);
    drop(store);
    let store = PostgresStore::open(&with(&[2])).await.unwrap();
    assert_eq!(store.secret(&instance(1), "password/bo").await.unwrap().unwrap().expose(), b"argon2-of-another");
    let delete = |draft: &mut Draft| draft.delete(Kind::User, &Id::from_uuid(7)).unwrap();
    store.append(vec![append(&mut tip, 12, delete)]).await.unwrap();
    assert_eq!(store.person_keys(&instance(1)).await.unwrap().iter().count(), 1);
    drop(store);
    assert!(doctor(&with(&[2])).await.unwrap().is_sound());
}
