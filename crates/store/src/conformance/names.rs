//! Unique names.

use lanyard_model::{Id, Key, Kind};

use super::support::{Tip, append, assert_same, instance, profile, record, registry};
use super::{StorageUnderTest, assert_sound};
use crate::{AppendError, Store, UniqueName};

/// A name is unique in its scope: an instance's kind, or for aliases all there is.
pub async fn a_name_is_unique_in_its_scope(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut london = Tip::empty(registry("eu-west-2"));
    let dublin = Tip::empty(registry("eu-west-1"));
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
    assert_sound(storage).await;
}

/// A name that was given up can be taken, in the same call too.
pub async fn a_name_passes_from_one_resource_to_another(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut london = Tip::empty(registry("eu-west-2"));
    let mut dublin = Tip::empty(registry("eu-west-1"));
    store.append(vec![append(&mut london, 10, |draft| draft.put(record(1, "acme")).unwrap())]).await.unwrap();
    let appends = vec![
        append(&mut london, 11, |draft| draft.put(record(1, "acme-two")).unwrap()),
        append(&mut dublin, 11, |draft| draft.put(record(2, "ACME")).unwrap()),
    ];
    store.append(appends).await.unwrap();
    // By calls that wait together.
    let answers = [
        store.append(vec![append(&mut london, 12, |draft| draft.put(record(1, "acme-three")).unwrap())]),
        store.append(vec![append(&mut dublin, 12, |draft| draft.put(record(2, "acme-two")).unwrap())]),
        store.append(vec![append(&mut london, 13, |draft| draft.put(record(1, "acme")).unwrap())]),
    ];
    for answer in answers {
        answer.await.unwrap();
    }
    assert_same(&store.load(london.stream()).await.unwrap().unwrap(), &london);
    assert_same(&store.load(dublin.stream()).await.unwrap().unwrap(), &dublin);
    assert_sound(storage).await;
}

/// No case, accent, trailing space, normal form or invisible character is looked through.
pub async fn names_are_compared_byte_by_byte(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut directory = Tip::empty(instance(1));
    let names =
        ["Agent", "agent", "Agent ", " Agent", "Ågent", "A\u{30a}gent", "Agent\u{0}", "Agent\u{200b}", "ßs", "ss"];
    for (number, name) in (1..).zip(names) {
        let made = append(&mut directory, 10, |draft| draft.put(profile(number, name)).unwrap());
        store.append(vec![made]).await.unwrap();
    }
    assert_same(&store.load(&instance(1)).await.unwrap().unwrap(), &directory);
    // The directory would not allow the name twice: the append is of a state that does not know the others.
    for name in names {
        let mut forgetful = Tip { position: directory.position, ..Tip::empty(instance(1)) };
        let taken = append(&mut forgetful, 11, |draft| draft.put(profile(99, name)).unwrap());
        let error = store.append(vec![taken]).await.unwrap_err();
        assert!(matches!(error, AppendError::NameTaken { .. } | AppendError::Refused(_)), "{name:?}: {error:?}");
    }
    assert_sound(storage).await;
}

/// Calls that wait together: the one that wants a name that another has is refused, and no other.
pub async fn a_taken_name_fails_only_its_own_call(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut registries: Vec<_> = (0..20).map(|number| Tip::empty(registry(&format!("region-{number}")))).collect();
    let answers: Vec<_> = registries
        .iter_mut()
        .zip(0..)
        .map(|(tip, number)| {
            let alias = if number % 5 == 4 { "alias-0".to_owned() } else { format!("alias-{number}") };
            store.append(vec![append(tip, 10, |draft| draft.put(record(number, &alias)).unwrap())])
        })
        .collect();
    let mut refused = 0;
    for (number, answer) in answers.into_iter().enumerate() {
        match answer.await {
            Ok(()) => assert!(number % 5 != 4, "{number}"),
            Err(error) => {
                let taken = AppendError::NameTaken { scope: "InstanceRecord".into(), name: "alias-0".into() };
                assert_eq!((number % 5, &error), (4, &taken));
                refused += 1;
            }
        }
    }
    assert_eq!((refused, store.registries().await.unwrap().len()), (4, 16));
    assert_sound(storage).await;
}

/// The resource that has a name is looked up by it; a name that was given up is nobody's.
pub async fn the_holder_of_a_name_is_looked_up(storage: &impl StorageUnderTest) {
    let store = storage.open().await;
    let mut london = Tip::empty(registry("eu-west-2"));
    let holder = |number| Some((registry("eu-west-2"), Key { kind: Kind::InstanceRecord, id: Id::from_uuid(number) }));
    assert_eq!(store.holder(UniqueName::alias("acme")).await.unwrap(), None);
    store.append(vec![append(&mut london, 10, |draft| draft.put(record(1, "Acme")).unwrap())]).await.unwrap();
    assert_eq!(store.holder(UniqueName::alias("aCME")).await.unwrap(), holder(1));
    assert_eq!(store.holder(UniqueName::alias("acme ")).await.unwrap(), None);
    let renamed = append(&mut london, 11, |draft| {
        draft.put(record(1, "other")).unwrap();
        draft.put(record(2, "acme")).unwrap();
    });
    store.append(vec![renamed]).await.unwrap();
    assert_eq!(store.holder(UniqueName::alias("acme")).await.unwrap(), holder(2));
    assert_eq!(store.holder(UniqueName::alias("other")).await.unwrap(), holder(1));
}
