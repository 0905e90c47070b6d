//! Reads: ranges, earlier states, lists, secrets.

use lanyard_model::{Id, Kind, Timestamp};

use super::support::{
    Tip, append, assert_same, assert_same_state, instance, last_append, profile, record, registry, secret,
};
use super::{StorageUnderTest, assert_sound};
use crate::{Head, Moment, Store, state_at};

/// More than one step of reading, so that going back and going forth both read several times.
const ENTRIES: u64 = 700;

/// Entries are read from any revision on, as many as are asked for.
pub async fn a_range_of_entries_is_read(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    for time in 0..12 {
        store.append(vec![append(&mut directory, time, |_| {})]).await.unwrap();
    }
    let all = store.read(&instance(1), 0, usize::MAX).await.unwrap();
    // Revisions are numbers: 10 comes after 9.
    assert!(all.iter().map(|it| it.revision).eq(1..=12));
    assert_eq!(store.read(&instance(1), 1, 2).await.unwrap(), all[1..3]);
    assert_eq!(store.read(&instance(1), 8, 100).await.unwrap(), all[8..]);
    assert_eq!(store.read(&instance(1), 0, 0).await.unwrap(), []);
    assert_eq!(store.read(&instance(1), 12, 2).await.unwrap(), []);
    assert_eq!(store.read(&instance(1), u64::MAX, 2).await.unwrap(), []);
    assert_eq!(store.read(&instance(2), 0, 2).await.unwrap(), []);
}

/// Earlier states are the same whichever way they are reached.
pub async fn every_earlier_state_is_what_it_was(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let mut states = vec![directory.clone()];
    let mut pending = Vec::new();
    for number in 1..=ENTRIES {
        // Two entries share a time.
        let time = i64::try_from(number / 2 * 10).unwrap();
        let made = append(&mut directory, time, |draft| match number % 3 {
            0 => draft.delete(Kind::SecurityProfile, &Id::from_uuid(u128::from(number - 1))).unwrap(),
            _ => draft.put(profile(u128::from(number), &format!("profile {number}"))).unwrap(),
        });
        pending.push(store.append(vec![made]));
        states.push(directory.clone());
    }
    for append in pending {
        append.await.unwrap();
    }
    let at = async |moment| state_at(&store, &instance(1), moment).await.unwrap();
    for revision in [1, 2, 3, 255, 256, 257, 300, 349, 350, 351, 443, 444, 445, ENTRIES - 1, ENTRIES] {
        let expected = &states[usize::try_from(revision).unwrap()];
        assert_same_state(&at(Moment::Revision(revision)).await.unwrap(), expected);
        // The last entry of a time is the one with an odd number.
        let last = (revision | 1).min(ENTRIES);
        let later = Timestamp(expected.time().0 + 9);
        let expected = &states[usize::try_from(last).unwrap()];
        assert_same_state(&at(Moment::Time(later)).await.unwrap(), expected);
    }
    assert!(at(Moment::Revision(0)).await.is_none());
    assert!(at(Moment::Revision(ENTRIES + 1)).await.is_none());
    assert!(at(Moment::Time(Timestamp(-1))).await.is_none());
    assert!(state_at(&store, &instance(2), Moment::Revision(1)).await.unwrap().is_none());
}

/// The states before a stream's end can be had after it.
pub async fn a_stream_that_ended_is_remembered(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 1, |draft| draft.put(profile(1, "Agent")).unwrap());
    store.append(vec![first]).await.unwrap();
    let before = directory.clone();
    let last = last_append(&mut directory, 2);
    store.append(vec![last]).await.unwrap();
    assert_same_state(&state_at(&store, &instance(1), Moment::Revision(1)).await.unwrap().unwrap(), &before);
}

/// The order of names is that of their bytes, not that of a language.
pub async fn registries_are_listed_in_the_order_of_their_bytes(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let regions = ["eu-west-10", "eu-west-2", "EU-west-3", "eu_west", "euwest", "a b", "Z", "~"];
    for (number, region) in (1..).zip(regions) {
        let mut tip = Tip::empty(registry(region));
        let alias = format!("alias-{number}");
        store.append(vec![append(&mut tip, 1, |draft| draft.put(record(number, &alias)).unwrap())]).await.unwrap();
    }
    let mut other = Tip::empty(instance(1));
    store.append(vec![append(&mut other, 1, |_| {})]).await.unwrap();
    let mut expected: Vec<_> = regions.into_iter().map(registry).collect();
    expected.sort_by_key(ToString::to_string);
    assert_eq!(store.registries().await.unwrap(), expected);
}

/// Secrets are kept, changed and removed with the entries, and are in none of them.
pub async fn secrets_are_kept_apart(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 10, |_| {});
    let first = first.with_secrets(vec![secret("one", Some("hunter2")), secret("two", Some("hunter3"))]);
    let second = append(&mut directory, 11, |_| {});
    let changes = vec![secret("one", Some("hunter4")), secret("two", None), secret("three", None)];
    let second = second.with_secrets(changes);
    // A call that is refused leaves the secrets as they are.
    let refused = append(&mut Tip::empty(instance(1)), 12, |_| {}).with_secrets(vec![secret("one", Some("hunter5"))]);
    store.append(vec![first]).await.unwrap();
    assert_eq!(store.secret(&instance(1), "two").await.unwrap().unwrap().expose(), b"hunter3");
    let (second, refused) = (store.append(vec![second]), store.append(vec![refused]));
    second.await.unwrap();
    refused.await.unwrap_err();
    assert_eq!(store.secret(&instance(1), "one").await.unwrap().unwrap().expose(), b"hunter4");
    assert!(store.secret(&instance(1), "two").await.unwrap().is_none());
    assert!(store.secret(&instance(2), "one").await.unwrap().is_none());
    let logged = store.read(&instance(1), 0, 9).await.unwrap();
    assert!(!format!("{logged:?}").contains("hunter"));
    assert_sound(storage).await;
}

/// The head of a stream is its last entry, also where the stream has ended; a stream without entries has none.
pub async fn heads_are_those_of_the_last_entries(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tips = [Tip::empty(registry("eu-west-2")), Tip::empty(instance(1)), Tip::empty(instance(2))];
    for time in 1..=3 {
        let appends = tips.iter_mut().map(|tip| append(tip, time, |_| {})).collect();
        store.append(appends).await.unwrap();
    }
    let last = last_append(&mut tips[2], 4);
    store.append(vec![last]).await.unwrap();
    let head = |tip: &Tip, time, closed| Head { position: tip.position, time: Timestamp(time), closed };
    let [of_registry, of_one, of_two] = [head(&tips[0], 3, false), head(&tips[1], 3, false), head(&tips[2], 4, true)];
    let wanted = vec![instance(2), instance(3), registry("eu-west-2"), instance(2), instance(1)];
    let heads = store.heads(wanted).await.unwrap();
    assert_eq!(heads, [Some(of_two), None, Some(of_registry), Some(of_two), Some(of_one)]);
    assert_eq!(store.heads(Vec::new()).await.unwrap(), []);
    let all = store.streams().await.unwrap();
    assert_eq!(all, [(instance(1), of_one), (instance(2), of_two), (registry("eu-west-2"), of_registry)]);
}

/// A store that can be read and written says so.
pub async fn a_store_that_is_well_says_so(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    store.condition().await.unwrap();
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 1, |draft| draft.put(profile(1, "Agent")).unwrap())]).await.unwrap();
    store.condition().await.unwrap();
    assert_same(&store.load(tip.stream()).await.unwrap().unwrap(), &tip);
}
