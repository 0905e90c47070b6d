//! Data directories that earlier versions wrote can be opened. A fixture, once committed, is never written again.

use std::path::{Path, PathBuf};

use lanyard_model::resources::AiAgent;
use lanyard_model::{Id, Kind};
use lanyard_store::{Secret, SecretChange, Store};

use crate::support::{Tip, append, assert_same, assert_sound, instance, last_append, open, profile, record, registry};

fn fixture(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/format-{format}"))
}

/// The content of the fixture of format 1: a registry, a live instance, and one that has ended.
async fn fill(store: &impl Store) -> [Tip; 2] {
    let mut names = Tip::empty(registry("eu-west-2"));
    let mut live = Tip::empty(instance(1));
    let mut ended = Tip::empty(instance(2));
    let first = append(&mut live, 1_700_000_000_000, |draft| {
        draft.put(profile(1, "Agent")).unwrap();
        draft.put(profile(2, "Admin")).unwrap();
        draft.put(AiAgent { arn: "arn:agent".into(), security_profile_ids: vec![Id::from_uuid(1)] }).unwrap();
    });
    let secret = SecretChange { name: "key".into(), value: Some(Secret::new(b"a secret".to_vec())) };
    let first = first.with_secrets(vec![secret]);
    let close = last_append(&mut ended, 1_700_000_000_000);
    let appends = vec![
        append(&mut names, 1_700_000_000_000, |draft| draft.put(record(1, "acme")).unwrap()),
        first,
        append(&mut live, 1_700_000_000_001, |draft| {
            draft.delete(Kind::SecurityProfile, &Id::from_uuid(2)).unwrap();
        }),
        close,
    ];
    store.append(appends).await.unwrap();
    [names, live]
}

#[tokio::test]
async fn format_1_can_be_opened() {
    let expected = fill(&open(tempfile::tempdir().unwrap().path())).await;
    let data = tempfile::tempdir().unwrap();
    std::fs::copy(fixture(1).join("lanyard.db"), data.path().join("lanyard.db")).unwrap();
    assert_sound(data.path());
    let store = open(data.path());
    let [names, mut live] = expected;
    assert_same(&store.load(names.stream()).await.unwrap().unwrap(), &names);
    assert_same(&store.load(live.stream()).await.unwrap().unwrap(), &live);
    assert!(store.load(&instance(2)).await.unwrap().is_none());
    assert_eq!(store.secret(live.stream(), "key").await.unwrap().unwrap().expose(), b"a secret");
    let logged = store.read(live.stream(), 0, 9).await.unwrap();
    assert_eq!((logged.len(), logged[0].entry.changes.len()), (2, 3));
    let next = append(&mut live, 1_700_000_000_002, |draft| draft.put(profile(3, "Admin")).unwrap());
    store.append(vec![next]).await.unwrap();
    assert_sound(data.path());
}

#[tokio::test]
#[ignore = "writes the fixture of the current format, once, when the format is new"]
async fn write_fixture() {
    assert!(!fixture(1).exists(), "a fixture is never written again");
    fill(&open(&fixture(1))).await;
    std::fs::remove_file(fixture(1).join("lock")).unwrap();
}
