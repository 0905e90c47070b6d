//! Faults that cannot be brought about from outside: a full disk, and another process that writes.

use lanyard_model::{Entry, Id, StreamId};

use super::*;
use lanyard_store::{Append, Cause, Outage};

/// An entry of `length` or more bytes that follows `tip`, which moves on.
fn append(stream: u128, tip: &mut Option<Position>, length: usize) -> Work {
    let entry = Entry {
        time: Timestamp(1),
        actor: "a".repeat(length),
        operation: String::new(),
        request_id: String::new(),
        changes: vec![],
        erasure: None,
    };
    let stream = StreamId::Instance(Id::from_uuid(stream));
    let follows = tip.unwrap_or_else(|| Position::origin(&stream));
    let append = Append::new(&Sealing::default(), &stream, &follows, entry).unwrap();
    *tip = Some(append.position());
    Work::Append(vec![Rows::new(append, &MasterKeys::default()).unwrap()])
}

fn writer() -> (tempfile::TempDir, Writer) {
    let data = tempfile::tempdir().unwrap();
    let connection = schema::open_to_write(data.path(), &MasterKeys::default()).unwrap();
    let writer = Writer::new(data.path(), connection, Arc::default());
    (data, writer)
}

#[test]
fn a_full_disk_fails_the_group_and_can_be_got_over() {
    let (_data, mut writer) = writer();
    let (mut one, mut two) = (None, None);
    writer.write(&[append(1, &mut one, 1)]).unwrap();
    let limit = |pages: u32| writer.connection.pragma_update(None, "max_page_count", pages).unwrap();
    limit(40);
    let calls = [append(1, &mut one, 1), append(2, &mut two, 1_000_000)];
    let error = writer.write(&calls).unwrap_err();
    let is_full = |outage: &Outage| outage.cause == Cause::DiskFull;
    assert!(matches!(&error, AppendError::Unavailable(outage) if is_full(outage)), "{error}");
    assert!(!writer.is_suspect && writer.connection.is_autocommit());
    assert!(writer.condition.current().is_some_and(|outage| is_full(&outage)));
    writer.connection.pragma_update(None, "max_page_count", 4000).unwrap();
    // The call before the one that did not fit was undone with it.
    assert!(writer.write(&calls).unwrap().iter().all(Result::is_ok));
    assert_eq!(writer.condition.current(), None);
}

#[test]
fn a_database_without_what_was_acknowledged_is_not_written() {
    let (data, mut writer) = writer();
    let mut tip = None;
    writer.write(&[append(1, &mut tip, 1)]).unwrap();
    let others = Connection::open(data.path().join("lanyard.db")).unwrap();
    others.execute_batch("DELETE FROM log; DELETE FROM stream").unwrap();
    writer.is_suspect = true;
    for _ in 0..2 {
        let error = writer.write(&[append(1, &mut tip.clone(), 1)]).unwrap_err();
        assert!(matches!(&error, AppendError::Unavailable(outage) if outage.cause == Cause::Lost), "{error}");
        assert!(error.to_string().contains("revision 1 was acknowledged"), "{error}");
    }
}

#[test]
fn who_was_overtaken_catches_up() {
    let (_data, mut writer) = writer();
    let mut tip = None;
    writer.group(&[append(1, &mut tip, 1)]).unwrap();
    let elsewhere = "INSERT INTO log SELECT stream, 2, time, body, hash FROM log; UPDATE stream SET revision = 2";
    writer.connection.execute_batch(elsewhere).unwrap();
    let late = append(1, &mut tip.clone(), 1);
    tip = tip.map(|first| Position { revision: 2, ..first });
    let results = writer.group(&[late, append(1, &mut tip, 1)]).unwrap();
    let stream = StreamId::Instance(Id::from_uuid(1));
    assert_eq!(results, [Err(AppendError::Conflict { stream, head: 2 }), Ok(1)]);
}
