//! Appends: what they write, and when they fail.

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Id, Kind, Timestamp};

use super::support::{Tip, append, assert_same, instance, last_append, profile, record, registry, secret};
use super::{StorageUnderTest, assert_sound};
use crate::{Append, AppendError, Position, Store};

/// The state and the entries come back as they were appended, entries without a change too.
pub async fn what_was_appended_is_loaded_and_read(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let appends = vec![
        append(&mut directory, 10, |draft| {
            draft.put(profile(1, "Agent")).unwrap();
            draft.put(profile(2, "Admin")).unwrap();
        }),
        append(&mut directory, 10, |draft| draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap()),
        append(&mut directory, 12, |draft| {
            let mut changed = profile(2, "Admin");
            changed.description = None;
            draft.put(changed).unwrap();
        }),
        append(&mut directory, 12, |_| {}),
    ];
    for append in appends.clone() {
        store.append(vec![append]).await.unwrap();
    }
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    let logged = store.read(&instance(1), 0, 100).await.unwrap();
    assert_eq!(logged.iter().map(|it| it.revision).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(logged.iter().map(|it| &*it.entry.changes).eq(appends.iter().map(Append::changes)));
    assert!(logged.iter().map(|it| it.hash).eq(appends.iter().map(|it| it.position().hash)));
    assert!(logged.iter().zip(&appends).all(|(it, append)| *it.record == *append.0.record));
    let before = [Position::origin(&instance(1)).hash].into_iter().chain(logged.iter().map(|it| it.hash));
    assert!(logged.iter().zip(before).all(|(it, before)| it.follows(&before)));
    assert!(store.load(&instance(2)).await.unwrap().is_none());
    assert_sound(storage).await;
}

/// A fork is refused, and so is what was built on it, whatever its revision.
pub async fn an_entry_is_accepted_only_after_the_one_that_it_follows(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let mut other = directory.clone();
    let first = append(&mut directory, 10, |draft| draft.put(profile(1, "Agent")).unwrap());
    let lost = append(&mut other, 11, |draft| draft.put(profile(2, "Admin")).unwrap());
    let ahead = append(&mut other, 12, |_| {});
    store.append(vec![first.clone()]).await.unwrap();
    // The second revision is free, and what was built on an entry that failed is refused all the same; the entry that is
    // there already, too.
    for late in [lost, ahead, first] {
        let error = store.append(vec![late]).await.unwrap_err();
        assert_eq!(error, AppendError::Conflict { stream: instance(1), head: 1 });
    }
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    store.append(vec![append(&mut directory, 12, |_| {})]).await.unwrap();
    assert_sound(storage).await;
}

/// A caller can append entries that follow each other without waiting in between.
pub async fn appends_take_effect_in_the_order_of_the_calls(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let answers: Vec<_> = (0..200)
        .map(|time| {
            store.append(vec![append(&mut directory, time, |draft| match time % 3 {
                2 => draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap(),
                _ => draft.put(profile(1, &format!("Agent {time}"))).unwrap(),
            })])
        })
        .collect();
    for answer in answers {
        answer.await.unwrap();
    }
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    assert_sound(storage).await;
}

/// A call that touches two streams is atomic.
pub async fn all_appends_of_a_call_take_effect_or_none(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let (mut one, mut two) = (Tip::empty(registry("eu-west-2")), Tip::empty(instance(1)));
    let both = |one: &mut Tip, two: &mut Tip| {
        vec![
            append(one, 10, |draft| draft.put(record(1, "acme")).unwrap()),
            append(two, 10, |draft| draft.put(profile(1, "Agent")).unwrap()),
        ]
    };
    let mut ahead = two.clone();
    append(&mut ahead, 9, |_| {});
    let appends = both(&mut one.clone(), &mut ahead);
    assert_eq!(store.append(appends).await.unwrap_err(), AppendError::Conflict { stream: instance(1), head: 0 });
    assert!(store.load(&registry("eu-west-2")).await.unwrap().is_none());
    store.append(both(&mut one, &mut two)).await.unwrap();
    assert_same(&store.load(&registry("eu-west-2")).await.unwrap().unwrap(), &one);
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &two);
    assert_sound(storage).await;
}

/// One call may make a resource, change it and delete it, entry by entry.
pub async fn one_call_can_append_to_a_stream_several_times(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let appends = vec![
        append(&mut directory, 1, |draft| draft.put(profile(1, "Agent")).unwrap()),
        append(&mut directory, 2, |draft| draft.put(profile(1, "Clerk")).unwrap()),
        append(&mut directory, 3, |draft| draft.put(profile(2, "Agent")).unwrap()),
        append(&mut directory, 4, |draft| draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap()),
        append(&mut directory, 5, |draft| draft.put(profile(3, "Clerk")).unwrap()),
    ];
    store.append(appends).await.unwrap();
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    assert_sound(storage).await;
}

/// Calls that wait together may be written together: one that is refused takes none of the others with it.
pub async fn a_call_that_fails_in_a_group_fails_alone(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directories: Vec<_> = (0..40).map(|number| Tip::empty(instance(number))).collect();
    // All wait together: this thread does not stop to let any be answered.
    let answers: Vec<_> = directories
        .iter_mut()
        .enumerate()
        .map(|(number, directory)| {
            if number % 4 == 3 {
                append(directory, 9, |_| {});
            }
            store.append(vec![append(directory, 10, |draft| draft.put(profile(1, "Agent")).unwrap())])
        })
        .collect();
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.await.is_ok(), number % 4 != 3, "{number}");
    }
    for (number, directory) in directories.iter().enumerate() {
        let loaded = store.load(directory.stream()).await.unwrap();
        assert_eq!(loaded.map(|it| it.directory.revision()), (number % 4 != 3).then_some(1));
    }
    assert_sound(storage).await;
}

/// The end of a stream removes its resources, names and secrets, and nothing follows it.
pub async fn a_stream_that_ended_leaves_only_its_log(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(registry("eu-west-2"));
    let first = append(&mut directory, 10, |draft| draft.put(record(1, "acme")).unwrap());
    let first = first.with_secrets(vec![secret("key", Some("hunter2"))]);
    store.append(vec![first]).await.unwrap();
    let last = last_append(&mut directory, 11);
    store.append(vec![last]).await.unwrap();

    assert!(store.load(&registry("eu-west-2")).await.unwrap().is_none());
    assert_eq!(store.registries().await.unwrap(), []);
    assert!(store.secret(&registry("eu-west-2"), "key").await.unwrap().is_none());
    let logged = store.read(&registry("eu-west-2"), 0, 9).await.unwrap();
    assert_eq!(logged.iter().map(|it| it.closes).collect::<Vec<_>>(), [false, true]);

    let after = append(&mut directory, 12, |_| {});
    assert!(matches!(store.append(vec![after]).await, Err(AppendError::Refused(message)) if message.contains("ended")));
    let mut other = Tip::empty(registry("eu-west-1"));
    store.append(vec![append(&mut other, 10, |draft| draft.put(record(2, "acme")).unwrap())]).await.unwrap();
    assert_sound(storage).await;
}

/// An entry's time is not before that of the entry that it follows.
pub async fn time_does_not_go_back(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    store.append(vec![append(&mut directory, 10, |_| {})]).await.unwrap();
    let early = append(&mut directory.clone(), 9, |_| {});
    assert!(matches!(store.append(vec![early]).await, Err(AppendError::Refused(message)) if message.contains("time")));
    assert_eq!(store.load(&instance(1)).await.unwrap().unwrap().directory.time(), Timestamp(10));
}

/// A change of what is not there, or a creation of what is, is refused.
pub async fn changes_that_do_not_fit_what_is_stored_are_refused(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    // The entry that made the profile never came, so there is nothing to change or delete.
    let mut made = Tip::empty(instance(1));
    append(&mut made, 10, |draft| draft.put(profile(1, "Agent")).unwrap());
    let mut orphan = Tip { position: Position::origin(&instance(1)), ..made };
    let update = append(&mut orphan.clone(), 11, |draft| draft.put(profile(1, "Agent 2")).unwrap());
    assert!(matches!(store.append(vec![update]).await, Err(AppendError::Refused(_))));
    let delete = append(&mut orphan, 11, |draft| draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap());
    assert!(matches!(store.append(vec![delete]).await, Err(AppendError::Refused(_))));
    assert!(store.load(&instance(1)).await.unwrap().is_none());

    let mut directory = Tip::empty(instance(2));
    let mut forgetful = directory.clone();
    store.append(vec![append(&mut directory, 10, |draft| draft.put(profile(1, "Agent")).unwrap())]).await.unwrap();
    forgetful.position = directory.position;
    let mut other = Tip::empty(instance(3));
    let again = append(&mut forgetful, 11, |draft| draft.put(profile(1, "Clerk")).unwrap());
    let unrelated = append(&mut other, 11, |draft| draft.put(profile(1, "Agent")).unwrap());
    let answers = [store.append(vec![again]), store.append(vec![unrelated])];
    let [again, unrelated] = answers;
    assert!(matches!(again.await, Err(AppendError::Refused(_))));
    unrelated.await.unwrap();
    assert_same(&store.load(&instance(2)).await.unwrap().unwrap(), &directory);
    assert_sound(storage).await;
}

/// An entry of several megabytes, as a deletion of much or a seed makes it.
pub async fn a_large_entry_comes_back_as_it_was(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let text = "0123456789abcdef é ☎ \\ \" \u{1}".repeat(40);
    let first = append(&mut directory, 1, |draft| {
        for number in 0..4_000 {
            let name = format!("profile {number}");
            draft.put(SecurityProfile { description: Some(text.clone()), ..profile(number, &name) }).unwrap();
        }
    });
    let record = first.0.record.clone();
    assert!(record.len() > 4_000_000);
    // Calls that come right after a large one are not held against it, and one that follows it waits for it.
    let second = append(&mut directory, 2, |draft| draft.put(profile(1, "profile 1")).unwrap());
    let mut other = Tip::empty(instance(2));
    let unrelated = append(&mut other, 1, |draft| draft.put(profile(1, "Agent")).unwrap());
    for answer in [store.append(vec![first]), store.append(vec![second]), store.append(vec![unrelated])] {
        answer.await.unwrap();
    }
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    assert_same(&store.load(&instance(2)).await.unwrap().unwrap(), &other);
    assert_eq!(*store.read(&instance(1), 0, 1).await.unwrap()[0].record, *record);
    assert_sound(storage).await;
}

/// A call of many entries that make, change and delete much, as a seed or a promotion does.
pub async fn many_entries_in_one_call_come_back_as_they_were(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let mut registry = Tip::empty(registry("eu-west-2"));
    let first = append(&mut directory, 1, |draft| draft.put(profile(9_999, "before")).unwrap());
    store.append(vec![first]).await.unwrap();
    let mut appends = Vec::new();
    for entry in 0..6_u128 {
        appends.push(append(&mut directory, 2, |draft| {
            for number in 0..500 {
                let number = entry * 500 + number;
                draft.put(profile(number, &format!("profile {number}"))).unwrap();
            }
            if entry == 3 {
                draft.put(profile(9_999, "profile 0 was mine")).unwrap();
                draft.delete(Kind::SecurityProfile, &Id::from_uuid(7)).unwrap();
            }
        }));
    }
    appends.push(append(&mut registry, 2, |draft| draft.put(record(1, "acme")).unwrap()));
    let large = store.append(appends);
    let next = append(&mut directory, 3, |draft| draft.put(profile(8, "profile 7")).unwrap());
    let next = store.append(vec![next]);
    large.await.unwrap();
    next.await.unwrap();
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    assert_same(&store.load(registry.stream()).await.unwrap().unwrap(), &registry);
    assert_sound(storage).await;
}

/// An append that names the last entries of other streams is accepted only while they are the last, also within a group.
pub async fn an_append_that_rests_on_other_streams_conflicts_when_they_moved(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let (mut one, mut other) = (Tip::empty(instance(1)), Tip::empty(instance(2)));
    let origin = Position::origin(&instance(2));
    // A stream without entries can be named as well.
    let first = append(&mut one, 1, |_| {}).with_guards(vec![(instance(2), origin)]);
    store.append(vec![first]).await.unwrap();
    let begun = append(&mut other, 1, |_| {});
    store.append(vec![begun]).await.unwrap();
    let before = one.clone();
    let late = append(&mut one, 2, |_| {}).with_guards(vec![(instance(2), origin)]);
    let error = store.append(vec![late]).await.unwrap_err();
    assert_eq!(error, AppendError::Conflict { stream: instance(2), head: 1 });
    one = before;
    // The call before it in the queue moves the stream on which the second rests.
    let rests = append(&mut one, 3, |_| {}).with_guards(vec![(instance(2), other.position)]);
    let mut ahead = other.clone();
    let moves = append(&mut ahead, 3, |_| {});
    let (moves, rests) = (store.append(vec![moves]), store.append(vec![rests]));
    moves.await.unwrap();
    assert_eq!(rests.await.unwrap_err(), AppendError::Conflict { stream: instance(2), head: 2 });
    let heads = store.heads(vec![instance(1), instance(2)]).await.unwrap();
    assert_eq!(heads.into_iter().map(|head| head.unwrap().position.revision).collect::<Vec<_>>(), [1, 2]);
    assert_sound(storage).await;
}
