//! The doctor, where a store has one.

use lanyard_model::resources::AiAgent;
use lanyard_model::{Draft, Id, Kind};

use super::support::{Tip, append, instance, last_append, profile, record, registry, secret};
use super::{StorageUnderTest, Tampering, assert_sound};
use crate::Store;
use crate::doctor::Report;

/// Appends what [`Tampering`] changes: a registry, the instance 1 with three entries, and an instance that has ended.
pub async fn fill(store: &impl Store) {
    let mut names = Tip::empty(registry("eu-west-2"));
    store.append(vec![append(&mut names, 10, |draft| draft.put(record(1, "acme")).unwrap())]).await.unwrap();
    let mut directory = Tip::empty(instance(1));
    let first = append(&mut directory, 10, |draft| {
        draft.put(profile(1, "Agent")).unwrap();
        draft.put(profile(2, "Admin")).unwrap();
        draft.put(AiAgent { arn: "arn:agent".into(), security_profile_ids: vec![Id::from_uuid(1)] }).unwrap();
    });
    store.append(vec![first.with_secrets(vec![secret("key", Some("hunter2"))])]).await.unwrap();
    let delete = |draft: &mut Draft| draft.delete(Kind::SecurityProfile, &Id::from_uuid(2)).unwrap();
    store.append(vec![append(&mut directory, 11, delete)]).await.unwrap();
    store.append(vec![append(&mut directory, 12, |_| {})]).await.unwrap();
    let mut gone = Tip::empty(instance(2));
    store.append(vec![append(&mut gone, 10, |draft| draft.put(profile(1, "Agent")).unwrap())]).await.unwrap();
    store.append(vec![last_append(&mut gone, 11)]).await.unwrap();
}

/// The doctor counts what there is, and finds nothing wrong with it.
pub async fn a_sound_store_is_counted(storage: &impl StorageUnderTest) {
    fill(&storage.open().await).await;
    let Some(report) = storage.doctor().await else { return };
    let format = report.format;
    let expected = Report {
        format,
        streams: 3,
        ended: 1,
        entries: 6,
        resources: 3,
        names: 2,
        secrets: 1,
        checkpoints: 0,
        faults: vec![],
    };
    assert_eq!(report, expected);
    assert!(report.to_string().ends_with("sound\n"), "{report}");
    assert!(report.to_json().contains("\"sound\": true"), "{}", report.to_json());
}

async fn is_found(storage: &impl StorageUnderTest, tampering: Tampering) {
    fill(&storage.open().await).await;
    assert_sound(storage).await;
    storage.tamper(tampering).await;
    let Some(report) = storage.doctor().await else { return };
    assert!(report.faults.iter().any(|it| it.fault.contains(tampering.fault())), "{tampering:?}\n{report}");
}

/// The doctor finds [`Tampering::EntryChanged`].
pub async fn a_changed_entry_is_found(storage: &impl StorageUnderTest) {
    is_found(storage, Tampering::EntryChanged).await;
}

/// The doctor finds [`Tampering::EntryRemoved`].
pub async fn a_removed_entry_is_found(storage: &impl StorageUnderTest) {
    is_found(storage, Tampering::EntryRemoved).await;
}

/// The doctor finds [`Tampering::LastEntryRemoved`].
pub async fn a_removed_last_entry_is_found(storage: &impl StorageUnderTest) {
    is_found(storage, Tampering::LastEntryRemoved).await;
}

/// The doctor finds [`Tampering::HeadMoved`].
pub async fn a_moved_head_is_found(storage: &impl StorageUnderTest) {
    is_found(storage, Tampering::HeadMoved).await;
}

/// The doctor finds [`Tampering::ResourceChanged`].
pub async fn a_changed_resource_is_found(storage: &impl StorageUnderTest) {
    is_found(storage, Tampering::ResourceChanged).await;
}

/// The doctor finds [`Tampering::ResourceRemoved`].
pub async fn a_removed_resource_is_found(storage: &impl StorageUnderTest) {
    is_found(storage, Tampering::ResourceRemoved).await;
}

/// The doctor finds [`Tampering::NamesRemoved`].
pub async fn removed_names_are_found(storage: &impl StorageUnderTest) {
    is_found(storage, Tampering::NamesRemoved).await;
}
