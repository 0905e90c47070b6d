//! The directory and the drafts that change it.

use lanyard_model::resources::{AiAgent, InstanceRecord, SecurityProfile};
use lanyard_model::{Change, Directory, Draft, Id, Invalid, Key, Kind, Resource, StreamId, Timestamp};

fn profile(id: u128, name: &str) -> SecurityProfile {
    SecurityProfile {
        id: Id::from_uuid(id),
        name: name.into(),
        description: None,
        permissions: vec!["Users.View".into()],
        tags: Default::default(),
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

fn empty() -> Directory {
    Directory::empty(StreamId::Instance(Id::from_uuid(99)))
}

fn agent(profiles: &[u128]) -> AiAgent {
    AiAgent {
        arn: "arn:aws:wisdom:eu-west-2:123456789012:ai-agent/a/b".into(),
        security_profile_ids: profiles.iter().copied().map(Id::from_uuid).collect(),
    }
}

#[test]
fn a_draft_sees_its_own_changes_and_the_original_does_not() {
    let original = empty();
    let mut draft = Draft::new(original.clone());
    draft.put(profile(1, "Agent")).unwrap();
    draft.put(agent(&[1])).unwrap();
    assert_eq!(draft.directory().find_name(Kind::SecurityProfile, "Agent"), Some(&Id::from_uuid(1)));
    assert_eq!(original.count(Kind::SecurityProfile), 0);
    let (changes, next) = draft.finish(Timestamp(7));
    assert_eq!((changes.len(), next.revision(), next.time()), (2, 1, Timestamp(7)));
}

#[test]
fn replaying_the_changes_gives_the_same_state() {
    let mut draft = Draft::new(empty());
    draft.put(profile(1, "Agent")).unwrap();
    draft.put(profile(2, "Admin")).unwrap();
    draft.put(agent(&[1, 2])).unwrap();
    draft.put(agent(&[2])).unwrap();
    draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap();
    let (changes, reached) = draft.finish(Timestamp(7));
    let json = serde_json::to_string(&changes).unwrap();
    let read: Vec<Change> = serde_json::from_str(&json).unwrap();
    let mut replayed = empty();
    replayed.advance(Timestamp(7), &read).unwrap();
    assert!(replayed.iter().eq(reached.iter()));
    assert_eq!(replayed.find_name(Kind::SecurityProfile, "Agent"), None);
    assert!(replayed.faults().is_empty());
}

#[test]
fn what_is_referred_to_stays() {
    let mut draft = Draft::new(empty());
    draft.put(profile(1, "Agent")).unwrap();
    draft.put(agent(&[1])).unwrap();
    let refused = draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap_err();
    assert!(matches!(&refused, Invalid::InUse { by, .. } if by.kind == Kind::AiAgent), "{refused}");
    let by: Vec<Key> = draft.directory().referrers(Kind::SecurityProfile, &Id::from_uuid(1)).cloned().collect();
    assert_eq!(by.len(), 1);
    draft.delete(Kind::AiAgent, &by[0].id).unwrap();
    draft.delete(Kind::SecurityProfile, &Id::from_uuid(1)).unwrap();
}

#[test]
fn a_reference_to_nothing_and_a_name_taken_are_refused() {
    let mut draft = Draft::new(empty());
    assert!(matches!(draft.put(agent(&[1])), Err(Invalid::Missing { .. })));
    draft.put(profile(1, "Agent")).unwrap();
    assert!(matches!(draft.put(profile(2, "Agent")), Err(Invalid::NameTaken { .. })));
    draft.put(profile(2, "AGENT")).unwrap();
    let mut registry = Draft::new(Directory::empty(StreamId::registry("1", "eu-west-2")));
    registry
        .put(InstanceRecord { id: Id::from_uuid(1), alias: Some("One".into()), needs_decision_token: false })
        .unwrap();
    let second =
        registry.put(InstanceRecord { id: Id::from_uuid(2), alias: Some("one".into()), needs_decision_token: false });
    assert!(matches!(second, Err(Invalid::NameTaken { .. })));
}

#[test]
fn a_change_that_does_not_fit_leaves_the_state_as_it_was() {
    let mut directory = empty();
    let create = Change::Create(Resource::from(profile(1, "Agent")));
    directory.advance(Timestamp(1), std::slice::from_ref(&create)).unwrap();
    let refused = directory.advance(Timestamp(2), &[Change::Create(profile(2, "Admin").into()), create]);
    assert!(matches!(refused, Err(Invalid::Stale { .. })));
    assert_eq!((directory.revision(), directory.count(Kind::SecurityProfile)), (1, 1));
}

#[test]
fn a_change_of_two_resources_in_one_is_no_change() {
    let (one, two) = (Resource::from(profile(1, "a")), Resource::from(profile(2, "b")));
    let json = serde_json::json!({ "before": one, "after": two }).to_string();
    assert!(serde_json::from_str::<Change>(&json).is_err());
    assert!(serde_json::from_str::<Change>("{}").is_err());
}
