use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Draft, Entry, Id, Timestamp};
use lanyard_store::double::MemoryStore;
use lanyard_store::{Append, Position};

use super::*;

/// Appends an entry that makes or changes a profile of about this many bytes.
async fn write(store: &MemoryStore, directory: &mut Directory, position: &mut Position, id: u128, bytes: usize) {
    let mut draft = Draft::new(directory.clone());
    let revision = directory.revision();
    let mut profile = SecurityProfile::named(Id::from_uuid(id), &format!("profile {id}"), Timestamp(1), "eu-west-2");
    profile.description = Some(revision.to_string() + &"x".repeat(bytes));
    draft.put(profile).unwrap();
    let (changes, next) = draft.finish(Timestamp(1));
    let entry = Entry {
        time: Timestamp(1),
        actor: "alice".into(),
        operation: "UpdateSecurityProfile".into(),
        request_id: format!("request-{revision}"),
        changes,
        erasure: None,
    };
    let append = Append::new(store.sealing(), next.stream(), position, entry).unwrap();
    *position = append.position();
    *directory = next;
    store.append(vec![append]).await.unwrap();
}

#[tokio::test]
async fn a_checkpoint_is_made_when_the_entries_are_as_large_as_the_state() {
    let stream = StreamId::Instance(Id::from_uuid(1));
    let store = Arc::new(MemoryStore::default());
    let mut directory = Directory::empty(stream.clone());
    let mut position = Position::origin(&stream);
    let mut upkeep = Upkeep::new(Arc::clone(&store) as Arc<dyn Store>, None);
    let made = async || {
        let checkpoints = store.checkpoints(&stream).await.unwrap();
        checkpoints.iter().map(|it| it.position.revision).collect::<Vec<_>>()
    };
    upkeep.look().await.unwrap();
    for id in 1..=3 {
        write(&store, &mut directory, &mut position, id, 300_000).await;
        upkeep.look().await.unwrap();
    }
    assert_eq!(made().await, [] as [u64; 0]);
    for id in 4..=10 {
        write(&store, &mut directory, &mut position, id, 300_000).await;
    }
    upkeep.look().await.unwrap();
    assert_eq!(made().await, [10]);
    // The state has 3 MB; an update has 0.6 MB.
    for update in 0..11 {
        write(&store, &mut directory, &mut position, update % 4 + 1, 300_000).await;
        upkeep.look().await.unwrap();
    }
    assert_eq!(made().await, [10, 15, 20]);
    // A node that has just started counts from the last checkpoint on.
    let mut other = Upkeep::new(Arc::clone(&store) as Arc<dyn Store>, None);
    other.look().await.unwrap();
    assert_eq!(made().await, [10, 15, 20]);
    for update in 0..4 {
        write(&store, &mut directory, &mut position, update + 1, 300_000).await;
    }
    other.look().await.unwrap();
    upkeep.look().await.unwrap();
    assert_eq!(made().await, [10, 15, 20, 25]);
}
