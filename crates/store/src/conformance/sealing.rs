//! People in the log: sealed while they are there, erased when they are deleted.

use lanyard_model::resources::User;
use lanyard_model::{Draft, Id, Kind, Resource, Timestamp};

use super::support::{
    Tip, append, assert_same_state, clear_append, instance, last_append, put_routing_profile, secret, user,
};
use super::{StorageUnderTest, Tampering, assert_sound};
use crate::chain::origin;
use crate::erasure::{By, Erasures, People, erase};
use crate::{AppendError, Logged, Moment, PersonKeys, Store, open_resource, seal_resource, state_at};

fn ana(draft: &mut Draft) {
    put_routing_profile(draft);
    draft.put(user(7, "ana")).unwrap();
}

fn renamed(draft: &mut Draft) {
    draft.put(user(7, "anabel")).unwrap();
}

fn deleted(draft: &mut Draft) {
    draft.delete(Kind::User, &Id::from_uuid(7)).unwrap();
}

/// A stream with a user: made, renamed. The state after each entry is in what is returned.
pub async fn fill(store: &impl Store) -> [Tip; 2] {
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 10, ana)]).await.unwrap();
    let first = tip.clone();
    store.append(vec![append(&mut tip, 11, renamed).with_secrets(vec![secret("key", Some("x"))])]).await.unwrap();
    [first, tip]
}

async fn log(store: &impl Store) -> Vec<Logged> {
    store.read(&instance(1), 0, 99).await.unwrap()
}

/// The user names that entries say, before and after.
fn names(entries: &[Logged]) -> Vec<String> {
    let changes = entries.iter().flat_map(|it| &it.entry.changes);
    let sides = changes.flat_map(|change| [change.before(), change.after()]).flatten();
    sides.filter(|it| it.kind() == Kind::User).filter_map(|it| it.name().map(str::to_owned)).collect()
}

fn assert_nameless(entries: &[Logged]) {
    for logged in entries {
        // A quotation mark is not in what is sealed, whose text could hold the letters by chance.
        for part in ["\"ana", "Sandoval", "example.com"] {
            assert!(!logged.record.contains(part), "{}", logged.record);
        }
    }
}

/// Fails unless the chain holds, and returns in how many entries by what was recorded.
fn verify(entries: &[Logged]) -> u64 {
    let mut previous = origin(&instance(1).to_string());
    let mut erasures = Erasures::default();
    for logged in entries {
        assert!(erasures.take(logged, &previous), "revision {}", logged.revision);
        previous = logged.hash;
    }
    assert_eq!(erasures.unexplained().count(), 0);
    erasures.count()
}

/// The stored bytes do not name people; what is read does, also after opening again.
pub async fn people_are_sealed_in_the_log(storage: &impl StorageUnderTest) {
    let [_, tip] = fill(&storage.open().await).await;
    let store = storage.open().await;
    let entries = log(&store).await;
    assert_eq!(names(&entries), ["ana", "ana", "anabel"]);
    assert_nameless(&entries);
    assert!(entries.iter().all(Logged::is_sealed));
    assert_eq!(verify(&entries), 0);
    assert_same_state(&store.load(&instance(1)).await.unwrap().unwrap().directory, &tip);
    drop(store);
    assert_sound(storage).await;
}

/// A person who is deleted is erased from the log and from earlier states, whatever is left of them holds.
pub async fn deletion_erases_a_person(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let [first, mut tip] = fill(&store).await;
    let present = state_at(&store, &instance(1), Moment::Revision(1)).await.unwrap().unwrap();
    assert_same_state(&present, &first);
    assert_eq!(store.person_keys(&instance(1)).await.unwrap().iter().count(), 2);
    store.append(vec![append(&mut tip, 12, deleted)]).await.unwrap();
    store.append(vec![append(&mut tip, 13, |draft| draft.put(user(8, "bo")).unwrap())]).await.unwrap();
    drop(store);
    let store = storage.open().await;
    let entries = log(&store).await;
    let erased = user(7, "ana").erased();
    assert_eq!(names(&entries), [&*erased.username, &erased.username, &erased.username, &erased.username, "bo"]);
    assert_nameless(&entries);
    assert_eq!(verify(&entries), 0);
    let keys = store.person_keys(&instance(1)).await.unwrap();
    assert!(keys.of(&Id::from_uuid(7)).is_none() && keys.of(&Id::from_uuid(8)).is_some());
    // Backwards from the present, and forwards from the beginning.
    for revision in [1, 2, 3] {
        let then = state_at(&store, &instance(1), Moment::Revision(revision)).await.unwrap().unwrap();
        let holds = then.users.get(&Id::from_uuid(7)).map(|it| User::clone(it));
        assert_eq!(holds, (revision < 3).then(|| erased.clone()), "revision {revision}");
        assert_eq!(then.revision(), revision);
    }
    drop(store);
    assert_sound(storage).await;
}

/// A person who is made and deleted in one call, or in one entry, leaves neither a key nor a name.
pub async fn a_person_who_came_and_went_in_one_call_leaves_no_key(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    let calls = vec![append(&mut tip, 10, ana), append(&mut tip, 11, renamed), append(&mut tip, 12, deleted)];
    store.append(calls).await.unwrap();
    let in_one_entry = |draft: &mut Draft| {
        draft.put(user(8, "anatol")).unwrap();
        draft.delete(Kind::User, &Id::from_uuid(8)).unwrap();
    };
    store.append(vec![append(&mut tip, 13, in_one_entry)]).await.unwrap();
    assert_eq!(store.person_keys(&instance(1)).await.unwrap().iter().count(), 0);
    assert_nameless(&log(&store).await);
    drop(store);
    assert_sound(storage).await;
}

/// When a stream ends, the keys of its people are destroyed.
pub async fn the_end_of_a_stream_erases_its_people(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let [_, mut tip] = fill(&store).await;
    store.append(vec![last_append(&mut tip, 12)]).await.unwrap();
    assert_eq!(store.person_keys(&instance(1)).await.unwrap().iter().count(), 0);
    let entries = log(&store).await;
    assert!(names(&entries).iter().all(|name| name.starts_with("erased:")));
    assert_eq!(verify(&entries), 0);
    drop(store);
    assert_sound(storage).await;
}

/// A key that came with an append that failed is not missed by what is appended later.
pub async fn an_append_that_failed_leaves_later_ones_their_keys(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 10, ana)]).await.unwrap();
    // Both are made with the keys that the store remembers.
    let entry = |tip: &Tip, name: &str| {
        let mut draft = Draft::new(tip.directory.clone());
        draft.put(user(7, name)).unwrap();
        let (changes, next) = draft.finish(Timestamp(11));
        let entry = lanyard_model::Entry {
            time: Timestamp(11),
            actor: "alice".into(),
            operation: "UpdateUserIdentityInfo".into(),
            request_id: name.into(),
            changes,
            erasure: None,
        };
        let append = crate::Append::new(store.sealing(), &instance(1), &tip.position, entry).unwrap();
        (Tip { position: append.position(), directory: next }, append)
    };
    let (lost_tip, lost) = entry(&Tip::empty(instance(1)).with_user(), "anna");
    let (_, after_lost) = entry(&lost_tip, "annika");
    let (_, kept) = entry(&tip, "annabel");
    let results = (store.append(vec![lost]), store.append(vec![after_lost]), store.append(vec![kept]));
    assert!(matches!(results.0.await, Err(AppendError::Conflict { .. })));
    assert!(matches!(results.1.await, Err(AppendError::Conflict { .. })));
    results.2.await.unwrap();
    assert_eq!(names(&log(&store).await), ["ana", "ana", "annabel"]);
    drop(store);
    assert_sound(storage).await;
}

impl Tip {
    /// A stream before its first entry that has a user all the same, of whom no store knows.
    fn with_user(mut self) -> Self {
        let mut draft = Draft::new(self.directory.clone());
        ana(&mut draft);
        let stream = draft.stream().clone();
        let resources: Vec<Resource> = draft.directory().iter().collect();
        self.directory = lanyard_model::Directory::load(stream, 0, Timestamp(0), resources);
        self
    }
}

/// How the tests erase.
pub(super) fn by() -> By {
    By {
        actor: "operator".into(),
        reason: Some("request 42".into()),
        request_id: "erasure-1".into(),
        time: Timestamp(20),
    }
}

/// Entries that have a person in clear lose the person's data when that is asked for; the chain holds and the doctor
/// finds nothing but what was recorded, and changes of what is left.
pub async fn people_in_clear_are_erased_afterwards(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    store.append(vec![clear_append(&mut tip, 10, ana)]).await.unwrap();
    let both = |draft: &mut Draft| {
        renamed(draft);
        draft.put(user(8, "bo")).unwrap();
    };
    store.append(vec![clear_append(&mut tip, 11, both)]).await.unwrap();
    store.append(vec![append(&mut tip, 12, |draft| draft.put(user(7, "anastasia")).unwrap())]).await.unwrap();
    store.append(vec![append(&mut tip, 13, deleted)]).await.unwrap();
    let before = log(&store).await;
    assert_eq!(names(&before)[..4], ["ana", "ana", "anabel", "bo"]);
    assert_eq!(verify(&before), 0);

    let erased = erase(&store, &instance(1), &People::Deleted, &by()).await.unwrap();
    assert_eq!((erased.people.len(), erased.revisions), (1, vec![1, 2]));
    let entries = log(&store).await;
    assert_nameless(&entries[..1]);
    assert!(!entries[1].record.contains("\"ana") && entries[1].record.contains("bo@example.com"));
    assert_eq!(verify(&entries), 2);
    assert_eq!(
        entries.iter().take(4).map(|it| it.hash).collect::<Vec<_>>(),
        before.iter().map(|it| it.hash).collect::<Vec<_>>()
    );
    let record = entries[4].entry.erasure.as_ref().unwrap();
    assert_eq!(record.users, [Id::from_uuid(7)]);
    assert_eq!((record.reason.as_deref(), &*entries[4].entry.actor), (Some("request 42"), "operator"));
    let then = state_at(&store, &instance(1), Moment::Revision(2)).await.unwrap().unwrap();
    assert!(then.users.get(&Id::from_uuid(7)).unwrap().is_erased());
    assert_eq!(then.users.get(&Id::from_uuid(8)).unwrap().username, "bo");
    // Nothing is left to be done.
    assert_eq!(erase(&store, &instance(1), &People::Deleted, &by()).await.unwrap().revisions, [0_u64; 0]);
    // The other person, too, later, in an entry that has lost a part already.
    let mut tip = Tip::from(store.load(&instance(1)).await.unwrap().unwrap());
    let delete = |draft: &mut Draft| draft.delete(Kind::User, &Id::from_uuid(8)).unwrap();
    store.append(vec![append(&mut tip, 21, delete)]).await.unwrap();
    let erased = erase(&store, &instance(1), &People::Named(vec!["BO".into()]), &by()).await.unwrap();
    assert_eq!(erased.revisions, [2]);
    assert_eq!(verify(&log(&store).await), 2);
    drop(store);
    assert_sound(storage).await;
    if let Some(report) = storage.doctor().await {
        assert_eq!(report.erased_entries, 2);
        storage.tamper(Tampering::EntryChanged).await;
        let report = storage.doctor().await.unwrap();
        let fault = Tampering::EntryChanged.fault();
        assert!(report.faults.iter().any(|it| it.fault.contains(fault)), "{report}");
    }
}

/// A stream that has ended can lose people, and nothing else can be appended to it.
pub async fn people_in_clear_are_erased_from_a_stream_that_has_ended(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    store.append(vec![clear_append(&mut tip, 10, ana)]).await.unwrap();
    store.append(vec![last_append(&mut tip, 11)]).await.unwrap();
    let erased = erase(&store, &instance(1), &People::Named(vec!["Ana".into()]), &by()).await.unwrap();
    assert_eq!(erased.revisions, [1]);
    let entries = log(&store).await;
    assert_nameless(&entries);
    assert_eq!(verify(&entries), 1);
    assert!(store.load(&instance(1)).await.unwrap().is_none());
    tip.position = crate::Position { revision: 3, hash: entries[2].hash };
    let late = store.append(vec![append(&mut tip, 30, |_| {})]).await;
    assert!(matches!(late, Err(AppendError::Refused(_))), "{late:?}");
    drop(store);
    assert_sound(storage).await;
}

/// A person who is there, or was never in clear, is not erased.
pub async fn only_deleted_people_are_erased(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    store.append(vec![clear_append(&mut tip, 10, ana)]).await.unwrap();
    let named = |name: &str| People::Named(vec![name.to_owned()]);
    let error = erase(&store, &instance(1), &named("ana"), &by()).await.unwrap_err();
    assert!(error.contains("is not deleted"), "{error}");
    let error = erase(&store, &instance(1), &named("zoe"), &by()).await.unwrap_err();
    assert!(error.contains("has no user `zoe`"), "{error}");
    assert!(erase(&store, &instance(1), &People::Deleted, &by()).await.unwrap().revisions.is_empty());
    assert_eq!(log(&store).await.len(), 1);
    drop(store);
    assert_sound(storage).await;
}

/// The doctor finds [`Tampering::EntryChanged`] in what is sealed.
pub async fn a_changed_sealed_entry_is_found(storage: &impl StorageUnderTest) {
    fill(&storage.open().await).await;
    assert_sound(storage).await;
    storage.tamper(Tampering::EntryChanged).await;
    let Some(report) = storage.doctor().await else { return };
    let fault = Tampering::EntryChanged.fault();
    assert!(report.faults.iter().any(|it| it.fault.contains(fault)), "{report}");
}

/// The doctor finds [`Tampering::KeysRemoved`].
pub async fn removed_keys_are_found(storage: &impl StorageUnderTest) {
    let mut tip = Tip::empty(instance(1));
    storage.open().await.append(vec![append(&mut tip, 10, ana)]).await.unwrap();
    assert_sound(storage).await;
    storage.tamper(Tampering::KeysRemoved).await;
    let Some(report) = storage.doctor().await else { return };
    let fault = Tampering::KeysRemoved.fault();
    assert!(report.faults.iter().any(|it| it.fault.contains(fault)), "{report}");
}

/// A resource that is sealed outside the log is opened with the person's key, at its place only, and is erased without.
pub async fn resources_are_sealed_with_the_keys_of_people(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let [_, tip] = fill(&store).await;
    let keys = store.person_keys(&instance(1)).await.unwrap();
    for resource in tip.directory.iter() {
        let sealed = seal_resource(&instance(1), 2, &resource, &keys).unwrap();
        assert!(!sealed.contains("\"ana"), "{sealed}");
        let open = |revision, keys: &PersonKeys| open_resource(&instance(1), revision, resource.kind(), &sealed, keys);
        assert_eq!(open(2, &keys), Ok(resource.clone()));
        match &resource {
            Resource::User(user) => {
                assert!(open(3, &keys).unwrap_err().contains("cannot be opened"));
                assert_eq!(open(2, &PersonKeys::default()), Ok(user.erased().into()));
            }
            other => assert_eq!(open(3, &PersonKeys::default()).as_ref(), Ok(other)),
        }
    }
}

/// A store of people: present and sealed, deleted, and erased afterwards from entries that had them in clear, also in a
/// stream that has ended.
pub(super) async fn fill_with_people(store: &impl Store) {
    let [_, mut tip] = fill(store).await;
    store.append(vec![append(&mut tip, 12, |draft| draft.put(user(8, "bo")).unwrap())]).await.unwrap();
    store
        .append(vec![append(&mut tip, 13, |draft| draft.delete(Kind::User, &Id::from_uuid(8)).unwrap())])
        .await
        .unwrap();
    let mut ended = Tip::empty(instance(2));
    store.append(vec![clear_append(&mut ended, 10, ana)]).await.unwrap();
    store.append(vec![last_append(&mut ended, 11)]).await.unwrap();
    let mut old = Tip::empty(instance(3));
    store.append(vec![clear_append(&mut old, 10, ana)]).await.unwrap();
    store.append(vec![append(&mut old, 11, deleted)]).await.unwrap();
    for stream in [instance(2), instance(3)] {
        let people = People::Named(vec!["ana".into()]);
        assert_eq!(erase(store, &stream, &people, &by()).await.unwrap().revisions, [1]);
    }
}
