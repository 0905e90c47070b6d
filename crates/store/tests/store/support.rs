//! What the tests have in common: resources, entries, and appends made as the server makes them.

use std::path::Path;

use lanyard_model::resources::{InstanceRecord, SecurityProfile};
use lanyard_model::{Directory, Draft, Entry, Id, StreamId, Timestamp};
use lanyard_store::{Append, SqliteStore};

pub(crate) fn open(directory: &Path) -> SqliteStore {
    SqliteStore::open(directory).unwrap()
}

pub(crate) fn instance(number: u128) -> StreamId {
    StreamId::Instance(Id::from_uuid(number))
}

pub(crate) fn registry(region: &str) -> StreamId {
    StreamId::registry("123456789012", region)
}

pub(crate) fn profile(id: u128, name: &str) -> SecurityProfile {
    SecurityProfile {
        id: Id::from_uuid(id),
        name: name.into(),
        description: Some("what an agent may do".into()),
        permissions: vec!["BasicAgentAccess".into(), "Users.View".into()],
        tags: [("team".to_owned(), "équipe ☎".to_owned())].into(),
        allowed_access_control_tags: Default::default(),
        tag_restricted_resources: vec![],
        hierarchy_restricted_resources: vec![],
        allowed_access_control_hierarchy_group_id: None,
        applications: vec![],
        allowed_flow_modules: vec![],
        allowed_ai_agents: vec![],
        primary_attribute_values: vec![],
        last_modified_time: Timestamp(5),
        last_modified_region: "eu-west-2".into(),
    }
}

pub(crate) fn record(id: u128, alias: &str) -> InstanceRecord {
    InstanceRecord { id: Id::from_uuid(id), alias: Some(alias.into()) }
}

/// The append of what `change` does to `directory`, which moves on.
pub(crate) fn append(directory: &mut Directory, time: i64, change: impl FnOnce(&mut Draft)) -> Append {
    let mut draft = Draft::new(directory.clone());
    change(&mut draft);
    let expected_revision = directory.revision();
    let (changes, next) = draft.finish(Timestamp(time));
    *directory = next;
    Append {
        stream: directory.stream().clone(),
        expected_revision,
        entry: Entry {
            time: Timestamp(time),
            actor: "alice".into(),
            operation: "UpdateSecurityProfile".into(),
            request_id: format!("request-{time}"),
            changes,
        },
        secrets: vec![],
        closes: false,
    }
}

/// Whether two states are the same in all that a store keeps.
pub(crate) fn assert_same(left: &Directory, right: &Directory) {
    assert_eq!((left.stream(), left.revision(), left.time()), (right.stream(), right.revision(), right.time()));
    assert!(left.iter().eq(right.iter()), "{left:?}\n{right:?}");
}

pub(crate) fn assert_sound(directory: &Path) {
    let report = lanyard_store::doctor(directory).unwrap();
    assert!(report.is_sound(), "{report}");
}
