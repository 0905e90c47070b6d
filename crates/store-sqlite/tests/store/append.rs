//! Appends: what they write, and when they fail.

use lanyard_model::{Id, Kind, Timestamp};
use lanyard_store::{Append, AppendError, Position, Secret, SecretChange, Store};

use crate::support::{Tip, append, assert_same, assert_sound, instance, last_append, open, profile, record, registry};

fn secret(name: &str, value: Option<&str>) -> SecretChange {
    SecretChange { name: name.into(), value: value.map(|value| Secret::new(value.into())) }
}

#[tokio::test]
async fn what_was_appended_is_loaded_and_read() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
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
    assert_eq!(store.read(&instance(1), 1, 2).await.unwrap(), logged[1..3]);
    assert_eq!(store.read(&instance(1), 4, 2).await.unwrap(), []);
    assert_eq!(store.read(&instance(2), 0, 2).await.unwrap(), []);
    assert!(store.load(&instance(2)).await.unwrap().is_none());
    assert_sound(data.path());
}

#[tokio::test]
async fn the_hash_is_of_the_hash_before_and_the_stored_bytes() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut directory = Tip::empty(instance(1));
    for time in 0..3 {
        store.append(vec![append(&mut directory, time, |_| {})]).await.unwrap();
    }
    let database = rusqlite::Connection::open(data.path().join("lanyard.db")).unwrap();
    let mut previous = lanyard_store::chain::origin("instance/00000000-0000-0000-0000-000000000001");
    for logged in store.read(&instance(1), 0, 9).await.unwrap() {
        let body: String = database
            .query_row("SELECT body FROM log WHERE revision = ?1", [logged.revision], |row| row.get(0))
            .unwrap();
        assert!(body.contains(&lanyard_store::chain::hex(&previous)), "{body}");
        assert_eq!(logged.hash, lanyard_store::chain::link(&previous, body.as_bytes()));
        previous = logged.hash;
    }
}

#[tokio::test]
async fn an_entry_is_accepted_only_after_the_one_that_it_follows() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut directory = Tip::empty(instance(1));
    let mut other = directory.clone();
    let first = append(&mut directory, 10, |draft| draft.put(profile(1, "Agent")).unwrap());
    let lost = append(&mut other, 11, |draft| draft.put(profile(2, "Admin")).unwrap());
    let ahead = append(&mut other, 12, |_| {});
    store.append(vec![first]).await.unwrap();
    // The second revision is free, and what was built on an entry that failed is refused all the same.
    for late in [lost, ahead] {
        let error = store.append(vec![late]).await.unwrap_err();
        assert_eq!(error, AppendError::Conflict { stream: instance(1), head: 1 });
    }
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    store.append(vec![append(&mut directory, 12, |_| {})]).await.unwrap();
    assert_sound(data.path());
}

#[tokio::test]
async fn appends_take_effect_in_the_order_of_the_calls() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut directory = Tip::empty(instance(1));
    let answers: Vec<_> = (0..200).map(|time| store.append(vec![append(&mut directory, time, |_| {})])).collect();
    for answer in answers {
        answer.await.unwrap();
    }
    assert_eq!(store.load(&instance(1)).await.unwrap().unwrap().directory.revision(), 200);
}

#[tokio::test]
async fn all_appends_of_a_call_take_effect_or_none() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
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
    assert_sound(data.path());
}

#[tokio::test]
async fn a_call_that_fails_in_a_group_fails_alone() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
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
    assert_sound(data.path());
}

#[tokio::test]
async fn a_name_is_unique_in_its_scope() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut london = Tip::empty(registry("eu-west-2"));
    let mut dublin = Tip::empty(registry("eu-west-1"));
    store.append(vec![append(&mut london, 10, |draft| draft.put(record(1, "Acme")).unwrap())]).await.unwrap();

    // An alias is unique in all registries, regardless of case.
    let taken = append(&mut dublin.clone(), 10, |draft| draft.put(record(2, "aCME")).unwrap());
    assert_eq!(
        store.append(vec![taken]).await.unwrap_err(),
        AppendError::NameTaken { scope: "InstanceRecord".into(), name: "acme".into() }
    );
    assert!(store.load(&registry("eu-west-1")).await.unwrap().is_none());

    // The name of a profile is unique in its instance.
    for number in 1..3 {
        let mut directory = Tip::empty(instance(number));
        store.append(vec![append(&mut directory, 10, |draft| draft.put(profile(1, "Agent")).unwrap())]).await.unwrap();
    }

    // A name that was given up can be taken, in the same call too.
    let appends = vec![
        append(&mut london, 11, |draft| draft.put(record(1, "acme-two")).unwrap()),
        append(&mut dublin, 11, |draft| draft.put(record(2, "ACME")).unwrap()),
    ];
    store.append(appends).await.unwrap();
    assert_eq!(store.registries().await.unwrap(), [registry("eu-west-1"), registry("eu-west-2")]);
    assert_sound(data.path());
}

#[tokio::test]
async fn a_stream_that_ended_leaves_its_log_alone() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
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
    assert_sound(data.path());
}

#[tokio::test]
async fn time_does_not_go_back() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut directory = Tip::empty(instance(1));
    store.append(vec![append(&mut directory, 10, |_| {})]).await.unwrap();
    let early = append(&mut directory.clone(), 9, |_| {});
    assert!(matches!(store.append(vec![early]).await, Err(AppendError::Refused(message)) if message.contains("time")));
    assert_eq!(store.load(&instance(1)).await.unwrap().unwrap().directory.time(), Timestamp(10));
}

#[tokio::test]
async fn changes_that_do_not_fit_what_is_stored_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    // The entry that made the profile never came, so there is nothing to change or delete.
    let mut made = Tip::empty(instance(1));
    append(&mut made, 10, |draft| draft.put(profile(1, "Agent")).unwrap());
    let mut orphan = Tip { position: Position::origin(&instance(1)), ..made };
    let update = append(&mut orphan.clone(), 11, |draft| draft.put(profile(1, "Agent 2")).unwrap());
    assert!(matches!(store.append(vec![update]).await, Err(AppendError::Refused(_))));
    let delete = append(&mut orphan, 11, |draft| draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap());
    assert!(matches!(store.append(vec![delete]).await, Err(AppendError::Refused(_))));
    assert!(store.load(&instance(1)).await.unwrap().is_none());
    assert_sound(data.path());
}

#[tokio::test]
async fn secrets_are_kept_apart() {
    let data = tempfile::tempdir().unwrap();
    let store = open(data.path());
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 10, |_| {});
    let first = first.with_secrets(vec![secret("one", Some("hunter2")), secret("two", Some("hunter3"))]);
    let second = append(&mut directory, 11, |_| {});
    let changes = vec![secret("one", Some("hunter4")), secret("two", None), secret("three", None)];
    let second = second.with_secrets(changes);
    store.append(vec![first]).await.unwrap();
    assert_eq!(store.secret(&instance(1), "two").await.unwrap().unwrap().expose(), b"hunter3");
    store.append(vec![second]).await.unwrap();
    assert_eq!(store.secret(&instance(1), "one").await.unwrap().unwrap().expose(), b"hunter4");
    assert!(store.secret(&instance(1), "two").await.unwrap().is_none());
    assert!(store.secret(&instance(2), "one").await.unwrap().is_none());
    let logged = store.read(&instance(1), 0, 9).await.unwrap();
    assert!(!format!("{logged:?}").contains("hunter"));
    assert_sound(data.path());
}
