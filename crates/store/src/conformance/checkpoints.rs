//! Checkpoints, and states that are reached from them.

use std::collections::BTreeMap;

use lanyard_model::{Directory, Id, Kind, Resource};

use super::support::{
    Tip, append, assert_same_state, clear_append, instance, last_append, profile, record, registry, user,
};
use super::{StorageUnderTest, assert_sound, sealing};
use crate::checkpoint::{Encoder, decode};
use crate::{Moment, Past, PersonKeys, Store, state_at};

/// How many states there are.
const ENTRIES: u64 = 320;

/// A checkpoint is kept with its place and its resources, each with the entry that changed it last.
pub async fn a_checkpoint_comes_back_as_it_was(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    for number in 1..=4_u128 {
        let name = format!("profile {number}");
        store.append(vec![append(&mut tip, 5, |draft| draft.put(profile(number, &name)).unwrap())]).await.unwrap();
    }
    store.append(vec![append(&mut tip, 6, |draft| draft.put(profile(2, "renamed")).unwrap())]).await.unwrap();
    let snapshot = store.snapshot(&instance(1)).await.unwrap().unwrap();
    assert_eq!(snapshot.checkpoint.position, tip.position);
    assert_eq!((snapshot.checkpoint.time, snapshot.checkpoint.is_cut), (tip.time(), false));
    assert_eq!(store.checkpoints(&instance(1)).await.unwrap(), []);
    store.put_checkpoint(&instance(1), snapshot.clone()).await.unwrap();
    // Putting it once more changes nothing, and what was written after it does not either.
    store.put_checkpoint(&instance(1), snapshot.clone()).await.unwrap();
    store.append(vec![append(&mut tip, 7, |draft| draft.put(profile(9, "later")).unwrap())]).await.unwrap();
    assert_eq!(store.checkpoints(&instance(1)).await.unwrap(), [snapshot.checkpoint]);
    let part = store.checkpoint_part(&instance(1), 5, 0).await.unwrap().unwrap();
    let rows = decode(&part).unwrap();
    let revisions: BTreeMap<_, _> = rows.iter().map(|row| (row.key.id.clone(), row.revision)).collect();
    assert_eq!(revisions, [(1, 1), (2, 5), (3, 3), (4, 4)].map(|(id, at)| (Id::from_uuid(id), at)).into());
    let size: usize = rows.iter().map(|row| row.body.len()).sum();
    assert_eq!(snapshot.checkpoint.size, u64::try_from(size).unwrap());
    let renamed = Resource::from(profile(2, "renamed"));
    assert!(rows.iter().any(|row| row.resource(&instance(1), 5, &PersonKeys::default()).unwrap() == renamed));
    assert_eq!(store.checkpoint_part(&instance(1), 5, 1).await.unwrap(), None);
    assert_eq!(store.checkpoint_part(&instance(1), 4, 0).await.unwrap(), None);
    assert_eq!(store.checkpoint_part(&instance(2), 5, 0).await.unwrap(), None);
    assert_sound(storage).await;
}

/// A stream without entries, or that has ended, has no present to keep; one without resources has a checkpoint without
/// parts.
pub async fn a_stream_without_a_present_has_no_snapshot(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    assert!(store.snapshot(&instance(1)).await.unwrap().is_none());
    let mut tip = Tip::empty(instance(1));
    store.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
    let empty = store.snapshot(&instance(1)).await.unwrap().unwrap();
    assert_eq!((empty.checkpoint.position, empty.checkpoint.parts, empty.parts.len()), (tip.position, 0, 0));
    store.put_checkpoint(&instance(1), empty).await.unwrap();
    store.append(vec![append(&mut tip, 2, |draft| draft.put(profile(1, "Agent")).unwrap())]).await.unwrap();
    let before = tip.clone();
    store.append(vec![last_append(&mut tip, 3)]).await.unwrap();
    assert!(store.snapshot(&instance(1)).await.unwrap().is_none());
    assert!(state_at(&store, &instance(1), Moment::Revision(1)).await.unwrap().unwrap().iter().next().is_none());
    assert_same_state(&state_at(&store, &instance(1), Moment::Revision(2)).await.unwrap().unwrap(), &before);
    assert_sound(storage).await;
}

/// Every state is the same, whichever checkpoints there are and whether it is taken whole or in pieces.
pub async fn every_revision_is_reached_from_checkpoints(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut tip = Tip::empty(instance(1));
    let mut states = vec![tip.directory.clone()];
    let mut random = 7_u64;
    for number in 1..=ENTRIES {
        // Keys come and go, some changed twice in one entry.
        let made = append(&mut tip, i64::try_from(number / 3).unwrap(), |draft| {
            for _ in 0..3 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let id = u128::from(random >> 33) % 40;
                if random >> 60 < 5 && draft.directory().get(Kind::SecurityProfile, &Id::from_uuid(id)).is_some() {
                    draft.delete(Kind::SecurityProfile, &Id::from_uuid(id)).unwrap();
                } else {
                    draft.put(profile(id, &format!("{id} at {number} {}", random >> 50))).unwrap();
                }
            }
        });
        store.append(vec![made]).await.unwrap();
        states.push(tip.directory.clone());
        if [30, 180, 181, 310].contains(&number) {
            let snapshot = store.snapshot(&instance(1)).await.unwrap().unwrap();
            store.put_checkpoint(&instance(1), snapshot).await.unwrap();
        }
    }
    let at: Vec<_> = store.checkpoints(&instance(1)).await.unwrap().iter().map(|it| it.position.revision).collect();
    assert_eq!(at, [30, 180, 181, 310]);
    for (revision, expected) in (0..).zip(&states).skip(1) {
        let whole = state_at(&store, &instance(1), Moment::Revision(revision)).await.unwrap().unwrap();
        assert_same_state(&whole, expected);
        // The present at hand may be older than that of the store.
        let present = states[usize::try_from(ENTRIES.min(revision + 30)).unwrap()].clone();
        let past = Past::open(&store, &instance(1), Moment::Revision(revision), Some(present)).await.unwrap().unwrap();
        assert_eq!((past.revision(), past.time()), (revision, expected.time()));
        assert_same_state(&past.directory(&store).await.unwrap(), expected);
    }
    let last_of = |time: i64| states.iter().rev().find(|it| it.revision() > 0 && it.time().0 <= time).unwrap();
    for time in [0, 1, 13, 97, 98, 185, 200, 999] {
        let moment = Moment::Time(lanyard_model::Timestamp(time));
        let state: Directory = state_at(&store, &instance(1), moment).await.unwrap().unwrap();
        assert_same_state(&state, last_of(time));
    }
    assert_sound(storage).await;
}

/// The size of a log is that of its entries as they are stored.
pub async fn the_size_of_a_log_is_known(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    assert_eq!(store.log_size(&instance(1), 0).await.unwrap(), 0);
    let mut tip = Tip::empty(instance(1));
    let mut other = Tip::empty(registry("eu-west-2"));
    for number in 1..=5 {
        let name = format!("é {number}");
        store.append(vec![append(&mut tip, 1, |draft| draft.put(profile(number, &name)).unwrap())]).await.unwrap();
        store.append(vec![append(&mut other, 1, |draft| draft.put(record(number, &name)).unwrap())]).await.unwrap();
    }
    let entries = store.read(&instance(1), 0, 9).await.unwrap();
    for after in 0..=5 {
        let size: usize = entries.iter().skip(after).map(|it| it.record.len()).sum();
        let after = u64::try_from(after).unwrap();
        assert_eq!(store.log_size(&instance(1), after).await.unwrap(), u64::try_from(size).unwrap());
    }
    assert_eq!(store.log_size(&instance(1), u64::MAX).await.unwrap(), 0);
}

/// The doctor finds a checkpoint that is not what the log leads to.
pub async fn a_wrong_checkpoint_is_found(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    for number in 1..=5 {
        let mut tip = Tip::empty(instance(number));
        for id in 1..=3 {
            store
                .append(vec![append(&mut tip, 1, |draft| draft.put(profile(id, &format!("{id}"))).unwrap())])
                .await
                .unwrap();
        }
        let right = store.snapshot(&instance(number)).await.unwrap().unwrap();
        let mut rows: Vec<_> = right.parts.iter().flat_map(|part| decode(part).unwrap()).collect();
        let mut position = right.checkpoint.position;
        match number {
            1 => drop(rows.pop()),
            2 => rows[1].body = rows[1].body.replace("what an agent", "all that an agent"),
            3 => rows[1].revision = 1,
            4 => position.hash[0] ^= 1,
            _ => {}
        }
        let mut encoder = Encoder::new(&instance(number), position, right.checkpoint.time, PersonKeys::default());
        for row in rows {
            encoder.push(row.key.kind.name(), &row.key.id.to_string(), row.revision, &row.body).unwrap();
        }
        let wrong = encoder.finish().unwrap();
        assert_eq!((wrong.checkpoint, &wrong.parts) == (right.checkpoint, &right.parts), number == 5);
        store.put_checkpoint(&instance(number), wrong).await.unwrap();
    }
    let Some(report) = storage.doctor().await else { return };
    for (number, fault) in [
        (1, "does not have every resource"),
        (2, "is not as the log has it"),
        (3, "is not as the log has it"),
        (4, "no such entry"),
    ] {
        let place = format!("{} checkpoint 3", instance(number));
        let is_it = |it: &crate::doctor::Fault| it.place == place && it.fault.contains(fault);
        assert_eq!(report.faults.iter().filter(|it| is_it(it)).count(), 1, "{number}\n{report}");
    }
    assert_eq!((report.faults.len(), report.checkpoints), (4, 5), "{report}");
}

/// The names of the users of a state, those who are erased left out.
fn names(state: &Directory) -> Vec<&str> {
    let mut names: Vec<_> = state.users.values().filter(|it| !it.is_erased()).map(|it| it.username.as_str()).collect();
    names.sort_unstable();
    names
}

/// People are sealed in a checkpoint, which forgets who is deleted. A person without a key gets one with it, unless deleted before
/// it is put.
pub async fn people_are_sealed_in_checkpoints(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let [_, mut tip] = sealing::fill(&store).await;
    for (id, name) in [(8, "bo"), (9, "cleo")] {
        let clear = clear_append(&mut tip, 12, |draft| draft.put(user(id, name)).unwrap());
        store.append(vec![clear]).await.unwrap();
    }
    let snapshot = store.snapshot(&instance(1)).await.unwrap().unwrap();
    let people: Vec<_> = snapshot.keys.iter().map(|key| key.person().clone()).collect();
    assert_eq!(people, [8, 9].map(Id::from_uuid));
    for row in snapshot.parts.iter().flat_map(|part| decode(part).unwrap()) {
        for part in ["\"ana", "\"bo\"", "\"cleo", "Sandoval", "example.com"] {
            assert!(!row.body.contains(part), "{}", row.body);
        }
    }
    let delete = append(&mut tip, 13, |draft| draft.delete(Kind::User, &Id::from_uuid(8)).unwrap());
    store.append(vec![delete]).await.unwrap();
    store.put_checkpoint(&instance(1), snapshot).await.unwrap();
    assert_sound(storage).await;
    let keys = store.person_keys(&instance(1)).await.unwrap();
    assert!(keys.of(&Id::from_uuid(8)).is_none() && keys.of(&Id::from_uuid(9)).is_some());
    let then = state_at(&store, &instance(1), Moment::Revision(4)).await.unwrap().unwrap();
    assert_eq!(names(&then), ["anabel", "cleo"]);
    for id in [7, 9] {
        let delete = append(&mut tip, 14, |draft| draft.delete(Kind::User, &Id::from_uuid(id)).unwrap());
        store.append(vec![delete]).await.unwrap();
    }
    let then = state_at(&store, &instance(1), Moment::Revision(4)).await.unwrap().unwrap();
    assert_eq!((names(&then), then.users.len()), (vec![], 3));
    assert_eq!(store.person_keys(&instance(1)).await.unwrap().iter().count(), 0);
    assert_sound(storage).await;
}
