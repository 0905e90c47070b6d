//! What cannot be brought about from outside: a full disk, and somebody else who writes.

use lanyard_model::{Entry, Id, StreamId};

use super::*;
use crate::Append;
use crate::sqlite::schema;

fn append(stream: u128, expected_revision: u64, length: usize) -> Vec<Rows> {
    let entry = Entry {
        time: Timestamp(1),
        actor: "a".repeat(length),
        operation: String::new(),
        request_id: String::new(),
        changes: vec![],
    };
    let stream = StreamId::Instance(Id::from_uuid(stream));
    vec![Rows::new(Append { stream, expected_revision, entry, secrets: vec![], closes: false }).unwrap()]
}

fn writer() -> (tempfile::TempDir, Writer) {
    let data = tempfile::tempdir().unwrap();
    let connection = schema::open_to_write(data.path()).unwrap();
    (data, Writer::new(connection))
}

#[test]
fn a_full_disk_fails_the_group_and_can_be_got_over() {
    let (_data, mut writer) = writer();
    writer.group(&[append(1, 0, 1)]).unwrap();
    let limit = |pages: u32| writer.connection.pragma_update(None, "max_page_count", pages).unwrap();
    limit(40);
    let error = writer.group(&[append(1, 1, 1), append(2, 0, 1_000_000)]).unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DiskFull));
    assert!(matches!(writer.abandon(error), AppendError::Storage(_)));
    assert!(writer.stopped.is_none() && writer.connection.is_autocommit());
    writer.connection.pragma_update(None, "max_page_count", 4000).unwrap();
    // The call before the one that did not fit was undone with it.
    assert!(writer.group(&[append(1, 1, 1), append(2, 0, 1_000_000)]).unwrap().iter().all(Result::is_ok));
}

#[test]
fn who_was_overtaken_catches_up() {
    let (_data, mut writer) = writer();
    writer.group(&[append(1, 0, 1)]).unwrap();
    let elsewhere = "INSERT INTO log SELECT stream, 2, time, body, hash FROM log; UPDATE stream SET revision = 2";
    writer.connection.execute_batch(elsewhere).unwrap();
    let results = writer.group(&[append(1, 1, 1), append(1, 2, 1)]).unwrap();
    let stream = StreamId::Instance(Id::from_uuid(1));
    assert_eq!(results, [Err(AppendError::Conflict { stream, head: 2 }), Ok(())]);
}
