//! The bytes that are stored.

use lanyard_store::Store;

use crate::support::{Tip, append, instance, open};

#[tokio::test]
async fn the_hash_is_of_the_hash_before_and_the_stored_bytes() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut directory = Tip::empty(instance(1));
    for time in 0..3 {
        store.append(vec![append(&mut directory, time, |_| {})]).await.unwrap();
    }
    let database = rusqlite::Connection::open(data.path().join("lanyard.db")).unwrap();
    let mut previous = lanyard_store::chain::origin("instance/00000000-0000-0000-0000-000000000001");
    for logged in store.read(&instance(1), 0, 9).await.unwrap() {
        let body: String = database
            .query_row("SELECT body FROM log WHERE revision = ?1", [logged.revision], |row| row.get(0))
            .unwrap();
        assert!(body.contains(&lanyard_store::chain::hex(&previous)), "{body}");
        assert_eq!(logged.hash, lanyard_store::chain::link(&previous, body.as_bytes()));
        previous = logged.hash;
    }
}
