//! Copies of a store, and stores that are filled from one.

use std::io::Cursor;

use lanyard_model::{Id, Kind, StreamId, Timestamp};

use super::support::{Tip, append, instance, last_append, profile, record, registry, secret};
use super::{StorageUnderTest, assert_sound};
use crate::archive::{Archive, archive};
use crate::copy::{About, BackupFile, back_up, migrate, restore};
use crate::double::MemoryStore;
use crate::{Append, CopyPoint, PersonKeys, SecretChange, Store};

/// Numbers that a seed decides (SplitMix64).
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// Appends a history that a seed decides: registries whose instances pass aliases to each other, instances with profiles
/// that come, change and go, secrets, and streams that end.
pub async fn random_history(store: &impl Store, seed: u64) {
    let mut random = Random(seed);
    let mut tips: Vec<Tip> = ["eu-west-1", "eu-west-2"].map(|region| Tip::empty(registry(region))).into();
    tips.extend((1..=random.below(5)).map(|number| Tip::empty(instance(number.into()))));
    let mut holders: [Option<usize>; 3] = [None; 3];
    for time in 0..20 + i64::try_from(random.below(200)).unwrap() {
        let at = usize::try_from(random.below(tips.len() as u64)).unwrap();
        let tip = &mut tips[at];
        let entry = if at < 2 {
            // One of three aliases, which no two registries have at a time, comes, or goes where it is.
            let alias = usize::try_from(random.below(3)).unwrap();
            let id = Id::from_uuid(alias as u128);
            match holders[alias] {
                None => {
                    holders[alias] = Some(at);
                    append(tip, time, |draft| draft.put(record(alias as u128, &format!("alias-{alias}"))).unwrap())
                }
                Some(holder) if holder == at => {
                    holders[alias] = None;
                    append(tip, time, |draft| draft.delete(Kind::InstanceRecord, &id).unwrap())
                }
                Some(_) => append(tip, time, |_| {}),
            }
        } else if random.below(60) == 0 {
            let entry = last_append(tip, time);
            store.append(vec![entry]).await.unwrap();
            tips.remove(at);
            continue;
        } else {
            let (id, name) = (u128::from(random.below(6)), random.below(1_000));
            let is_there = tip.security_profiles.contains_key(&Id::from_uuid(id));
            append(tip, time, |draft| match random.below(3) {
                0 if is_there => draft.delete(Kind::SecurityProfile, &Id::from_uuid(id)).unwrap(),
                _ => draft.put(profile(id, &format!("{id} {name}"))).unwrap(),
            })
        };
        let secrets = match random.below(4) {
            0 => vec![secret(&format!("key {}", random.below(3)), Some(&format!("value {time}")))],
            1 => vec![secret(&format!("key {}", random.below(3)), None)],
            _ => vec![],
        };
        store.append(vec![entry.with_secrets(secrets)]).await.unwrap();
    }
}

fn about() -> About {
    About { created: 1_700_000_000_000, lanyard: "0.1.0".to_owned() }
}

/// A backup of the store.
pub async fn backup_of(store: &impl Store) -> Vec<u8> {
    let mut file = Vec::new();
    let (summary, bytes) = back_up(store, &about(), &mut file, &mut |_| {}).await.unwrap();
    assert_eq!(bytes, file.len() as u64);
    assert_eq!(summary, store.copy_point().await.unwrap().summary());
    file
}

/// Fails unless two stores hold the same: entries, states and secrets.
pub async fn assert_same_stores(left: &impl Store, right: &impl Store) {
    let (points, other) = (left.copy_point().await.unwrap(), right.copy_point().await.unwrap());
    assert_eq!(points.difference(&other), None);
    for copy in &points.streams {
        let keys = |keys: PersonKeys| {
            let mut numbers: Vec<_> = keys.iter().map(|key| (key.person().clone(), key.number())).collect();
            numbers.sort_unstable();
            numbers
        };
        let [left_keys, right_keys] =
            [left.person_keys(&copy.stream).await.unwrap(), right.person_keys(&copy.stream).await.unwrap()];
        assert_eq!(keys(left_keys), keys(right_keys));
        let after = copy.before().revision;
        let left_log = left.read(&copy.stream, after, 10_000).await.unwrap();
        assert_eq!(left_log, right.read(&copy.stream, after, 10_000).await.unwrap());
        if let Some(cut) = copy.cut {
            for part in 0..cut.parts {
                let left = left.checkpoint_part(&copy.stream, after, part).await.unwrap();
                assert_eq!(left, right.checkpoint_part(&copy.stream, after, part).await.unwrap());
            }
        }
        let [left, right] = [left.load(&copy.stream).await.unwrap(), right.load(&copy.stream).await.unwrap()];
        assert_eq!(left.is_some(), right.is_some());
        if let (Some(left), Some(right)) = (left, right) {
            super::support::assert_same(&left, &Tip::from(right));
        }
    }
}

/// A copy point has every stream's head, those of streams that ended too, and every secret.
pub async fn a_copy_point_has_all_heads_and_secrets(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    assert_eq!(store.copy_point().await.unwrap().streams.len(), 0);
    let (mut one, mut gone) = (Tip::empty(instance(2)), Tip::empty(instance(1)));
    let put =
        |names: &[&str]| -> Vec<SecretChange> { names.iter().map(|name| secret(name, Some("hunter2"))).collect() };
    let first: Append = append(&mut one, 10, |draft| draft.put(profile(1, "Agent")).unwrap());
    store.append(vec![first.with_secrets(put(&["b", "a"]))]).await.unwrap();
    store.append(vec![append(&mut gone, 10, |_| {}).with_secrets(put(&["c"]))]).await.unwrap();
    store.append(vec![last_append(&mut gone, 11)]).await.unwrap();
    let CopyPoint { streams } = store.copy_point().await.unwrap();
    assert_eq!(streams.iter().map(|it| &it.stream).collect::<Vec<_>>(), [&instance(1), &instance(2)]);
    assert_eq!(streams.iter().map(|it| it.head.position).collect::<Vec<_>>(), [gone.position, one.position]);
    assert_eq!(streams.iter().map(|it| it.head.closed).collect::<Vec<_>>(), [true, false]);
    assert!(streams[0].secrets.is_empty());
    let secrets: Vec<_> = streams[1].secrets.iter().map(|(name, value)| (&**name, value.expose())).collect();
    assert_eq!(secrets, [("a", &b"hunter2"[..]), ("b", &b"hunter2"[..])]);
    assert_eq!(streams.iter().map(|it| Some(it.head)).collect::<Vec<_>>(), {
        store.heads(vec![instance(1), instance(2)]).await.unwrap()
    });
}

/// A store that is filled from a backup, and one that is filled from it directly, are the same as the first.
pub async fn what_is_copied_is_the_same(storage: &impl StorageUnderTest) {
    let before = MemoryStore::default();
    random_history(&before, 7).await;
    let file = backup_of(&before).await;
    let store = storage.open().await;
    let mut backup = BackupFile::open(Cursor::new(&file)).unwrap();
    restore(&mut backup, &store, &mut |_| {}).await.unwrap();
    assert_same_stores(&before, &store).await;
    assert_sound(storage).await;
    // The bytes of a backup follow from the contents.
    assert!(backup_of(&store).await == file);
    let after = MemoryStore::default();
    migrate(&store, store.copy_point().await.unwrap(), &after, &mut |_| {}).await.unwrap();
    assert_same_stores(&before, &after).await;
}

/// The history of a store goes on where the copy ends.
pub async fn a_filled_store_is_written_on(storage: &impl StorageUnderTest) {
    let before = MemoryStore::default();
    let mut tip = Tip::empty(instance(1));
    // More than a call of the copy has, and more resources than are written one by one.
    for entry in 0..1_200_u128 {
        let change = append(&mut tip, 1, |draft| {
            draft.put(profile(entry, &format!("profile {entry}"))).unwrap();
            if entry > 0 {
                draft.put(profile(entry / 2, &format!("changed by {entry}"))).unwrap();
            }
        });
        before.append(vec![change]).await.unwrap();
    }
    let store = storage.open().await;
    migrate(&before, before.copy_point().await.unwrap(), &store, &mut |_| {}).await.unwrap();
    assert_same_stores(&before, &store).await;
    assert_sound(storage).await;
    let next = append(&mut tip, 2, |draft| {
        draft.put(profile(3, "profile 3 again")).unwrap();
        draft.delete(Kind::SecurityProfile, &Id::from_uuid(4)).unwrap();
    });
    store.append(vec![next]).await.unwrap();
    super::support::assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &tip);
    assert_sound(storage).await;
}

/// A copy has the people that the store has: those who are there with their names, those who are gone without.
pub async fn people_are_copied_with_their_keys(storage: &impl StorageUnderTest) {
    let before = MemoryStore::default();
    super::sealing::fill_with_people(&before).await;
    let file = backup_of(&before).await;
    let mut backup = BackupFile::open(Cursor::new(&file)).unwrap();
    let report = backup.examine(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.erased_entries, 2);
    let store = storage.open().await;
    restore(&mut backup, &store, &mut |_| {}).await.unwrap();
    assert_same_stores(&before, &store).await;
    let after = MemoryStore::default();
    migrate(&store, store.copy_point().await.unwrap(), &after, &mut |_| {}).await.unwrap();
    assert_same_stores(&before, &after).await;
    drop(store);
    assert_sound(storage).await;
}

/// A copy of a store whose older entries were archived begins with the checkpoints that took their place.
pub async fn what_is_left_of_an_archived_history_is_copied(storage: &impl StorageUnderTest) {
    let source = MemoryStore::default();
    random_history(&source, 7).await;
    copy_archived(storage, &source, Timestamp(60)).await;
}

/// The same, with people who are there and people who are gone.
pub async fn people_of_an_archived_history_are_copied(storage: &impl StorageUnderTest) {
    let source = MemoryStore::default();
    super::sealing::fill_with_people(&source).await;
    copy_archived(storage, &source, Timestamp(12)).await;
}

async fn copy_archived(storage: &impl StorageUnderTest, source: &MemoryStore, before: Timestamp) {
    let place = super::archives::Place::new();
    let archived = archive(source, before, &place.file("archive")).await.unwrap();
    assert!(archived.entries > 0);
    let backup = backup_of(source).await;
    let report = BackupFile::open(Cursor::new(&backup)).unwrap().examine(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{report}");
    let store = storage.open().await;
    restore(&mut BackupFile::open(Cursor::new(&backup)).unwrap(), &store, &mut |_| {}).await.unwrap();
    assert_same_stores(source, &store).await;
    assert!(backup_of(&store).await == backup);
    let other = MemoryStore::default();
    migrate(&store, store.copy_point().await.unwrap(), &other, &mut |_| {}).await.unwrap();
    assert_same_stores(&store, &other).await;
    drop(store);
    assert_sound(storage).await;
    // The history goes on, and the next archive begins where the one before ended.
    let store = storage.open().await;
    for copy in store.copy_point().await.unwrap().streams.into_iter().filter(|it| !it.head.closed) {
        let mut tip = Tip::from(store.load(&copy.stream).await.unwrap().unwrap());
        store.append(vec![append(&mut tip, 9_999, |_| {})]).await.unwrap();
    }
    archive(&store, Timestamp(9_999), &place.file("next")).await.unwrap();
    let [first, next] = ["archive", "next"].map(|name| Archive::open(&place.file(name)).unwrap());
    next.verify().unwrap();
    for stream in next.streams() {
        let id = StreamId::parse(&stream.stream).unwrap();
        let end = first.stream(&id).map(|it| (it.revision, it.hash.clone()));
        assert!(end.is_none_or(|end| end == (stream.after, stream.after_hash.clone())));
    }
    assert_sound(storage).await;
}
