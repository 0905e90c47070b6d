//! Archives: older entries in a file, and a store that goes on without them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use lanyard_model::{Directory, Id, Kind, Timestamp};

use super::support::{
    Tip, append, assert_same, assert_same_state, clear_append, instance, last_append, profile, record, registry, user,
};
use super::{StorageUnderTest, assert_sound, sealing};
use crate::archive::{Archive, ArchiveError, archive, has_entries_before};
use crate::erasure::{By, People, erase};
use crate::{AppendError, Logged, Moment, PersonKeys, Store, StoreError, read_back, state_at};

/// A directory that goes with the test.
pub struct Place(PathBuf);

#[expect(clippy::new_without_default, reason = "a directory is made")]
impl Place {
    /// An empty directory.
    #[must_use]
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("lanyard-archive-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The path of a file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A stream's states by revision, and its entries.
struct History {
    tip: Tip,
    states: Vec<Directory>,
    entries: Vec<Logged>,
}

/// Appends entries at the times 1 to `last`, three profiles that come, change and go.
async fn fill(store: &impl Store, number: u128, last: i64) -> History {
    let mut tip = Tip::empty(instance(number));
    let mut states = vec![tip.directory.clone()];
    for time in 1..=last {
        let id = u128::try_from(time % 7).unwrap();
        let made = append(&mut tip, time, |draft| match time % 5 {
            0 if draft.directory().get(Kind::SecurityProfile, &Id::from_uuid(id)).is_some() => {
                draft.delete(Kind::SecurityProfile, &Id::from_uuid(id)).unwrap();
            }
            _ => draft.put(profile(id, &format!("profile {id} at {time}"))).unwrap(),
        });
        store.append(vec![made]).await.unwrap();
        states.push(tip.directory.clone());
    }
    let entries = store.read(&instance(number), 0, usize::MAX).await.unwrap();
    History { tip, states, entries }
}

fn revisions(entries: &[Logged]) -> Vec<u64> {
    entries.iter().map(|it| it.revision).collect()
}

async fn assert_archived(store: &impl Store, history: &History, cut: u64) {
    let stream = history.tip.stream();
    let archived = Err(StoreError::Archived { stream: stream.clone(), revision: cut });
    for after in [0, cut - 1] {
        assert_eq!(store.read(stream, after, 3).await, archived);
    }
    let at = usize::try_from(cut).unwrap();
    assert_eq!(store.read(stream, cut, usize::MAX).await.unwrap(), history.entries[at..]);
    for (revision, expected) in (0..).zip(&history.states).skip(1) {
        let moments = [Moment::Revision(revision), Moment::Time(expected.time())];
        for moment in moments {
            let state = state_at(store, stream, moment).await;
            if revision < cut {
                assert!(matches!(state, Err(StoreError::Archived { revision, .. }) if revision == cut), "{state:?}");
            } else {
                assert_same_state(&state.unwrap().unwrap(), expected);
            }
        }
    }
    let back: Vec<_> = (cut + 1..=history.tip.revision()).rev().collect();
    assert_eq!(revisions(&read_back(store, stream, None, usize::MAX).await.unwrap()), back);
    assert_eq!(read_back(store, stream, Some(cut + 1), 5).await.unwrap(), []);
}

/// Entries before a time are in the file, and no longer in the store, which goes on as before.
pub async fn older_entries_move_into_a_file(storage: &impl StorageUnderTest) {
    let place = Place::new();
    let store = storage.open().await;
    let mut names = Tip::empty(registry("eu-west-2"));
    store.append(vec![append(&mut names, 30, |draft| draft.put(record(1, "acme")).unwrap())]).await.unwrap();
    let mut history = fill(&store, 1, 90).await;
    let mut gone = fill(&store, 2, 10).await;
    store.append(vec![last_append(&mut gone.tip, 11)]).await.unwrap();
    let snapshot = store.snapshot(&instance(1)).await.unwrap().unwrap();
    store.put_checkpoint(&instance(1), snapshot).await.unwrap();

    // Nothing is that old.
    assert_eq!(archive(&store, Timestamp(1), &place.file("none")).await.unwrap().entries, 0);
    assert!(!place.file("none").exists() && !has_entries_before(&store, Timestamp(1)).await.unwrap());

    assert!(has_entries_before(&store, Timestamp(41)).await.unwrap());
    let archived = archive(&store, Timestamp(41), &place.file("one")).await.unwrap();
    // The last entry of a stream stays: the only one of the registry, and the one with which the second instance ends.
    assert_eq!((archived.streams, archived.entries), (2, 40 + 10));
    assert!(!place.file("one.partial").exists());
    assert_archived(&store, &history, 40).await;
    let one = Archive::open(&place.file("one")).unwrap();
    one.verify().unwrap();
    let read = |archive: &Archive, number, after, limit| {
        archive.read(&instance(number), after, limit, &PersonKeys::default()).unwrap()
    };
    assert_eq!(read(&one, 1, 0, usize::MAX), history.entries[..40]);
    assert_eq!(read(&one, 1, 37, 2), history.entries[37..39]);
    assert_eq!(read(&one, 1, 40, 2), []);
    assert_eq!(read(&one, 2, 0, usize::MAX).len(), 10);
    assert_eq!(read(&one, 3, 0, 1), []);
    assert_sound(storage).await;

    // The stream goes on, and its present is the same.
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &history.tip);
    assert_eq!(store.load(&instance(2)).await.unwrap().map(|it| it.hash), None);
    let next = append(&mut history.tip, 91, |draft| draft.put(profile(50, "later")).unwrap());
    store.append(vec![next]).await.unwrap();
    history.states.push(history.tip.directory.clone());
    history.entries.extend(store.read(&instance(1), 90, 9).await.unwrap());
    let ended = append(&mut gone.tip.clone(), 12, |_| {});
    assert!(matches!(store.append(vec![ended]).await, Err(AppendError::Refused(_))));

    // A second archive follows the first; the same once more finds nothing.
    let archived = archive(&store, Timestamp(71), &place.file("two")).await.unwrap();
    assert_eq!((archived.streams, archived.entries), (1, 30));
    let two = Archive::open(&place.file("two")).unwrap();
    two.verify().unwrap();
    let (first, second) = (one.stream(&instance(1)).unwrap(), two.stream(&instance(1)).unwrap());
    assert_eq!((first.revision, &first.hash), (second.after, &second.after_hash));
    assert_eq!(read(&two, 1, 40, usize::MAX), history.entries[40..70]);
    assert_archived(&store, &history, 70).await;
    assert_eq!(archive(&store, Timestamp(71), &place.file("three")).await.unwrap().entries, 0);
    assert_sound(storage).await;

    // However late the time is, the last entry stays.
    archive(&store, Timestamp(1_000), &place.file("all")).await.unwrap();
    assert_eq!(revisions(&store.read(&instance(1), 90, 9).await.unwrap()), [91]);
    assert_archived(&store, &history, 90).await;
    store.compact(false).await.unwrap();
    store.compact(true).await.unwrap();
    drop(store);
    let store = storage.open().await;
    store.append(vec![append(&mut history.tip, 2_000, |_| {})]).await.unwrap();
    assert_eq!(revisions(&store.read(&instance(1), 91, 9).await.unwrap()), [92]);
    assert_sound(storage).await;
}

/// Nothing is removed where the file cannot be made.
pub async fn entries_stay_when_there_is_no_file(storage: &impl StorageUnderTest) {
    let place = Place::new();
    let store = storage.open().await;
    let history = fill(&store, 1, 12).await;
    std::fs::write(place.file("there"), "mine").unwrap();
    for file in [place.file("there"), place.file("no/such/directory"), PathBuf::from("/")] {
        let error = archive(&store, Timestamp(9), &file).await.unwrap_err();
        assert!(matches!(&error, ArchiveError::File(path, _) if path.starts_with(&file)), "{error}");
        assert_eq!(store.read(&instance(1), 0, usize::MAX).await.unwrap(), history.entries);
    }
    assert_eq!(std::fs::read(place.file("there")).unwrap(), b"mine");
    assert_sound(storage).await;
}

/// A cut needs its checkpoint, and follows the cut that there is.
pub async fn a_cut_that_does_not_fit_is_refused(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let history = fill(&store, 1, 6).await;
    let position = history.tip.position;
    store.cut(&instance(1), position, 0).await.unwrap_err();
    let snapshot = store.snapshot(&instance(1)).await.unwrap().unwrap();
    store.put_checkpoint(&instance(1), snapshot).await.unwrap();
    store.cut(&instance(1), position, 3).await.unwrap_err();
    let mut other = position;
    other.hash[0] ^= 1;
    store.cut(&instance(1), other, 0).await.unwrap_err();
    store.cut(&instance(2), position, 0).await.unwrap_err();
    assert_eq!(store.read(&instance(1), 0, usize::MAX).await.unwrap(), history.entries);
    store.cut(&instance(1), position, 0).await.unwrap();
    // Once more removes what was left, which is nothing here.
    store.cut(&instance(1), position, position.revision).await.unwrap();
    assert_archived(&store, &history, 6).await;
    assert_sound(storage).await;
}

/// A byte that is another, or that is not there, is noticed.
pub async fn a_damaged_archive_is_no_archive(storage: &impl StorageUnderTest) {
    let place = Place::new();
    let store = storage.open().await;
    fill(&store, 1, 9).await;
    archive(&store, Timestamp(9), &place.file("whole")).await.unwrap();
    let whole = std::fs::read(place.file("whole")).unwrap();
    let is_whole = |path: &Path| Archive::open(path).and_then(|archive| archive.verify()).is_ok();
    assert!(is_whole(&place.file("whole")));
    let entries =
        |path: &Path| Archive::open(path).unwrap().read(&instance(1), 0, usize::MAX, &PersonKeys::default()).unwrap();
    let (original, mut unnoticed) = (entries(&place.file("whole")), 0);
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x20;
        std::fs::write(place.file("damaged"), &damaged).unwrap();
        // The compression leaves a few bits unused.
        if is_whole(&place.file("damaged")) {
            unnoticed += 1;
            assert_eq!(entries(&place.file("damaged")), original, "byte {at} of {}", whole.len());
        }
    }
    assert!(unnoticed <= 1, "{unnoticed}");
    for length in [0, 10, whole.len() / 2, whole.len() - 1] {
        std::fs::write(place.file("damaged"), &whole[..length]).unwrap();
        assert!(!is_whole(&place.file("damaged")), "{length} bytes");
    }
}

/// An archive has people sealed, and forgets who is deleted; the chain holds where people were erased, too.
pub async fn people_are_sealed_in_an_archive(storage: &impl StorageUnderTest) {
    let place = Place::new();
    let store = storage.open().await;
    let [_, mut tip] = sealing::fill(&store).await;
    for (time, name) in [(12, "bo"), (13, "cleo")] {
        let clear = clear_append(&mut tip, time, |draft| {
            draft.put(user(u128::try_from(time).unwrap(), name)).unwrap();
        });
        store.append(vec![clear]).await.unwrap();
    }
    let delete = append(&mut tip, 14, |draft| draft.delete(Kind::User, &Id::from_uuid(12)).unwrap());
    store.append(vec![delete]).await.unwrap();
    let by = By { actor: "operator".into(), reason: None, request_id: "r".into(), time: Timestamp(15) };
    let erased = erase(&store, &instance(1), &People::Deleted, &by).await.unwrap();
    assert_eq!(erased.revisions, [3]);
    // The record of the erasure stays in the store, and explains an entry that goes.
    assert_eq!(archive(&store, Timestamp(14), &place.file("one")).await.unwrap().entries, 4);
    let one = Archive::open(&place.file("one")).unwrap();
    one.verify().unwrap();
    let keys = store.person_keys(&instance(1)).await.unwrap();
    let names = |keys: &PersonKeys| -> Vec<String> {
        let entries = one.read(&instance(1), 0, usize::MAX, keys).unwrap();
        let changes = entries.iter().flat_map(|it| &it.entry.changes).filter_map(|it| it.after());
        let users = changes.filter(|it| it.kind() == Kind::User);
        users.filter(|it| !it.is_erased()).filter_map(|it| it.name().map(str::to_owned)).collect()
    };
    assert_eq!(names(&keys), ["ana", "anabel", "cleo"]);
    assert_eq!(names(&PersonKeys::default()), ["cleo"], "an entry of version 0.1.0 has people in clear");
    assert_sound(storage).await;
    // The state after the cut has its people, those in clear included, until they are deleted.
    let users = |state: Directory| -> Vec<String> { state.users.values().map(|it| it.username.clone()).collect() };
    let at_cut = state_at(&store, &instance(1), Moment::Revision(4)).await.unwrap().unwrap();
    assert_eq!(users(at_cut).iter().filter(|it| !it.starts_with("erased:")).count(), 2);
    for (time, id) in [(20, 7), (21, 13)] {
        let head = store.heads(vec![instance(1)]).await.unwrap()[0].unwrap();
        let mut tip =
            Tip { directory: store.load(&instance(1)).await.unwrap().unwrap().directory, position: head.position };
        let delete = append(&mut tip, time, |draft| draft.delete(Kind::User, &Id::from_uuid(id)).unwrap());
        store.append(vec![delete]).await.unwrap();
    }
    let at_cut = state_at(&store, &instance(1), Moment::Revision(4)).await.unwrap().unwrap();
    assert!(users(at_cut).iter().all(|it| it.starts_with("erased:")));
    assert_eq!(store.person_keys(&instance(1)).await.unwrap().iter().count(), 0);
    assert_eq!(names(&store.person_keys(&instance(1)).await.unwrap()), ["cleo"]);
    // Erasure begins after the cut.
    erase(&store, &instance(1), &People::Deleted, &by).await.unwrap();
    assert_sound(storage).await;
}
