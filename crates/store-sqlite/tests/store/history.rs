//! Earlier states: the same whichever way they are reached.

use lanyard_model::{Id, Kind, Timestamp};
use lanyard_store::{Moment, Store, state_at};

use crate::support::{Tip, append, assert_same_state, instance, last_append, open, profile};

/// More than one step of reading, so that going back and going forth both read several times.
const ENTRIES: u64 = 700;

#[tokio::test]
async fn every_earlier_state_is_what_it_was() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
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

#[tokio::test]
async fn a_stream_that_ended_is_remembered() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 1, |draft| draft.put(profile(1, "Agent")).unwrap());
    store.append(vec![first]).await.unwrap();
    let before = directory.clone();
    let last = last_append(&mut directory, 2);
    store.append(vec![last]).await.unwrap();
    assert_same_state(&state_at(&store, &instance(1), Moment::Revision(1)).await.unwrap().unwrap(), &before);
}
