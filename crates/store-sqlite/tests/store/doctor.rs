//! The doctor finds what was tampered with.

use std::path::Path;

use lanyard_store::Store;
use lanyard_store::doctor::Report;
use lanyard_store_sqlite::doctor;
use rusqlite::Connection;

use crate::support::{Tip, append, instance, open, profile};

async fn fill(data: &Path) {
    lanyard_store::conformance::soundness::fill(&open(data)).await;
}

/// The doctor's report after `sql` was run on a sound directory.
async fn after(sql: &str) -> Report {
    let data = tempfile::tempdir().unwrap();
    fill(data.path()).await;
    let before = doctor(data.path()).unwrap();
    assert!(before.is_sound(), "{before}");
    let database = Connection::open(data.path().join("lanyard.db")).unwrap();
    assert_ne!(database.execute(sql, []).unwrap(), 0, "{sql}");
    doctor(data.path()).unwrap()
}

#[tokio::test]
async fn a_running_server_does_not_disturb_it() {
    let data = tempfile::tempdir().unwrap();
    fill(data.path()).await;
    let store = open(data.path());
    let mut directory = Tip::empty(instance(3));
    for time in 0..20 {
        let append = append(&mut directory, time, |draft| draft.put(profile(1, &format!("Agent {time}"))).unwrap());
        let answer = store.append(vec![append]);
        assert!(doctor(data.path()).unwrap().is_sound());
        answer.await.unwrap();
    }
}

#[tokio::test]
async fn every_byte_of_the_log_counts() {
    let data = tempfile::tempdir().unwrap();
    fill(data.path()).await;
    let mut database = Connection::open(data.path().join("lanyard.db")).unwrap();
    let length: usize = database
        .query_row("SELECT length(CAST(body AS BLOB)) FROM log WHERE revision = 3", [], |row| row.get(0))
        .unwrap();
    for at in 0..length {
        let transaction = database.transaction().unwrap();
        let mut body: Vec<u8> = transaction
            .query_row("SELECT CAST(body AS BLOB) FROM log WHERE revision = 3", [], |row| row.get(0))
            .unwrap();
        body[at] ^= 1;
        transaction.execute("UPDATE log SET body = CAST(?1 AS TEXT) WHERE revision = 3", [&body]).unwrap();
        transaction.commit().unwrap();
        let report = doctor(data.path()).unwrap();
        let place = "instance/00000000-0000-0000-0000-000000000001 revision 3";
        let is_reported = report.faults.iter().any(|it| it.place == place && it.fault.contains("hash"));
        assert!(is_reported, "byte {at}: {report}");
        body[at] ^= 1;
        database.execute("UPDATE log SET body = CAST(?1 AS TEXT) WHERE revision = 3", [&body]).unwrap();
    }
    assert!(doctor(data.path()).unwrap().is_sound());
}

#[tokio::test]
async fn whatever_is_changed_is_found() {
    let first = "stream LIKE 'instance/%1'";
    for (sql, fault) in [
        (format!("DELETE FROM log WHERE {first} AND revision = 3"), "its log ends at revision 2"),
        (format!("DELETE FROM log WHERE {first} AND revision = 2"), "it follows revision 1"),
        (format!("DELETE FROM log WHERE {first} AND revision = 1"), "it follows revision 0"),
        (format!("DELETE FROM log WHERE {first}"), "its log ends at revision 0"),
        (format!("UPDATE log SET time = 9 WHERE {first} AND revision = 2"), "its time is before"),
        (format!("UPDATE log SET time = 12 WHERE {first} AND revision = 2"), "it has another time"),
        (format!("UPDATE log SET hash = zeroblob(32) WHERE {first} AND revision = 2"), "its hash is not that"),
        (format!("UPDATE log SET stream = 'instance/x' WHERE {first}"), "it names another stream"),
        ("UPDATE stream SET closed = 0".to_owned(), "the stream is at revision 2"),
        (format!("UPDATE stream SET revision = 2 WHERE {first}"), "the stream is at revision 2"),
        (format!("DELETE FROM stream WHERE {first}"), "the log has entries of a stream that is not there"),
        (format!("UPDATE resource SET body = replace(body, 'Users', 'Usurs') WHERE {first}"), "differs from the log"),
        (format!("UPDATE resource SET body = '{{}}' WHERE {first}"), "cannot be read"),
        (format!("UPDATE resource SET revision = 2 WHERE {first}"), "another revision"),
        (format!("UPDATE resource SET id = 'x' WHERE {first} AND kind = 'AiAgent'"), "calls itself `arn:agent`"),
        (format!("DELETE FROM resource WHERE {first}"), "no current one"),
        (
            format!("INSERT INTO resource SELECT 'instance/y', kind, id, 1, body FROM resource WHERE {first}"),
            "a resource",
        ),
        (format!("DELETE FROM name WHERE {first}"), "it is not kept for it"),
        (format!("UPDATE name SET id = 'x' WHERE {first}"), "does not have it in the log"),
        (
            "INSERT INTO name SELECT scope, 'other', stream, kind, id FROM name".to_owned(),
            "does not have it in the log",
        ),
        (
            "INSERT INTO secret VALUES ('instance/00000000-0000-0000-0000-000000000002', 'a', x'00')".to_owned(),
            "a secret",
        ),
        ("INSERT INTO stream VALUES ('elsewhere', 0, 0, zeroblob(32), 0)".to_owned(), "no stream of this name"),
    ] {
        let report = after(&sql).await;
        assert!(report.faults.iter().any(|it| it.fault.contains(fault)), "{sql}\n{report}");
    }
}

#[tokio::test]
async fn two_streams_cannot_change_places() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    for number in 1..3 {
        let mut directory = Tip::empty(instance(number));
        store
            .append(vec![append(&mut directory, 10, |draft| draft.put(profile(number, "Agent")).unwrap())])
            .await
            .unwrap();
    }
    drop(store);
    let database = Connection::open(data.path().join("lanyard.db")).unwrap();
    let swap = |table: &str| {
        format!(
            "UPDATE {table} SET stream = 'x' || stream;
             UPDATE {table} SET stream = 'instance/' || substr(stream, 11, 35) || (3 - substr(stream, 46));"
        )
    };
    database.execute_batch(&["stream", "log", "resource"].map(swap).concat()).unwrap();
    let report = doctor(data.path()).unwrap();
    assert_eq!(report.faults.iter().filter(|it| it.fault.contains("its hash is not that")).count(), 2, "{report}");
}

#[tokio::test]
async fn a_damaged_file_is_a_fault() {
    let data = tempfile::tempdir().unwrap();
    fill(data.path()).await;
    let path = data.path().join("lanyard.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let report = doctor(data.path()).unwrap();
    assert!(report.faults.iter().any(|it| it.place == "the database"), "{report}");
}
