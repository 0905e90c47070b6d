//! Entries of the log: whatever is stored, reading it fails or gives changes that fit the state or are refused, and a
//! change that fits can be taken back.

use lanyard_model::{Directory, StreamId};
use lanyard_store::Logged;

/// Entries, one a line, of one stream.
pub fn log_entry(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let stream = StreamId::parse("instance/00000000-0000-4000-8000-000000000000").unwrap();
    let mut directory = Directory::empty(stream);
    for line in text.lines().take(50) {
        let Ok(logged) = Logged::read(line, [0; 32]) else { continue };
        let _ = logged.follows(&[0; 32]);
        let before = directory.clone();
        let changes = &logged.entry.changes;
        if directory.advance(logged.entry.time, changes).is_err() {
            assert!(directory.iter().eq(before.iter()), "a refused entry has changed the state");
            continue;
        }
        let mut back = directory.clone();
        if let Err(error) = back.rewind(before.time(), changes) {
            panic!("an entry was applied and cannot be taken back: {error}");
        }
        assert!(back.iter().eq(before.iter()), "an entry was taken back and the state differs");
        let again = serde_json::to_string(&logged.entry).unwrap();
        assert_eq!(serde_json::from_str::<lanyard_model::Entry>(&again).unwrap(), logged.entry);
    }
}
