use lanyard_model::resources::{
    ChannelConfigs, HierarchyGroup, HierarchyLevel, HierarchyStructure, SecurityProfile, User,
};
use lanyard_model::{Directory, Draft, Resource, StreamId, Timestamp};

use super::*;

fn scope() -> Scope {
    Scope { account: "123456789012".into(), region: "eu-west-1".into() }
}

fn instance() -> Id {
    Id::from_uuid(1)
}

fn directory(resources: Vec<Resource>) -> Directory {
    Directory::load(StreamId::Instance(instance()), 1, Timestamp::default(), resources)
}

fn group(id: u128, ancestors: &[u128]) -> HierarchyGroup {
    HierarchyGroup {
        id: Id::from_uuid(id),
        name: format!("group {id}"),
        ancestors: ancestors.iter().map(|id| Id::from_uuid(*id)).collect(),
        tags: Default::default(),
        last_modified_time: Timestamp::default(),
        last_modified_region: "eu-west-1".into(),
    }
}

fn levels(names: &[&str]) -> HierarchyStructure {
    let level = |name: &&str| HierarchyLevel {
        name: (*name).to_owned(),
        last_modified_time: Timestamp::default(),
        last_modified_region: "eu-west-1".into(),
    };
    HierarchyStructure { levels: names.iter().map(level).collect() }
}

fn profile(id: u128) -> SecurityProfile {
    SecurityProfile::named(Id::from_uuid(id), &format!("profile {id}"), Timestamp::default(), "eu-west-1")
}

fn user(profiles: &[u128], routing_profile_id: Id) -> User {
    User {
        id: Id::from_uuid(20),
        username: "ana".into(),
        identity_info: None,
        phone_config: None,
        channel_configs: ChannelConfigs::default(),
        directory_user_id: None,
        security_profile_ids: profiles.iter().map(|id| Id::from_uuid(*id)).collect(),
        routing_profile_id,
        hierarchy_group_id: None,
        tags: Default::default(),
        last_modified_time: Timestamp::default(),
        last_modified_region: "eu-west-1".into(),
    }
}

fn operations(changes: &[Change]) -> Vec<String> {
    let calls = calls(&scope(), &instance(), changes).unwrap();
    calls.into_iter().map(|call| format!("{} {}", call.operation, call.resource.id)).collect()
}

#[test]
fn resources_are_created_before_their_use_and_deleted_after_it() {
    let restricted =
        SecurityProfile { allowed_access_control_hierarchy_group_id: Some(Id::from_uuid(3)), ..profile(4) };
    let changes = [
        Change::Delete(group(8, &[]).into()),
        Change::Delete(group(9, &[8]).into()),
        Change::Delete(profile(7).into()),
        Change::Create(restricted.into()),
        Change::Create(group(3, &[2]).into()),
        Change::Create(group(2, &[]).into()),
        Change::Create(levels(&["site", "team"]).into()),
    ];
    let id = |id: u128| Id::from_uuid(id).to_string();
    let structure = HierarchyStructure::only();
    assert_eq!(
        operations(&changes),
        [
            format!("UpdateUserHierarchyStructure {structure}"),
            format!("CreateUserHierarchyGroup {}", id(2)),
            format!("CreateUserHierarchyGroup {}", id(3)),
            format!("CreateSecurityProfile {}", id(4)),
            format!("DeleteSecurityProfile {}", id(7)),
            format!("DeleteUserHierarchyGroup {}", id(9)),
            format!("DeleteUserHierarchyGroup {}", id(8)),
        ]
    );
}

#[test]
fn only_differences_are_sent_and_removed_members_are_cleared() {
    let from = SecurityProfile {
        permissions: vec!["Users.View".into()],
        tag_restricted_resources: vec!["User".into()],
        tags: [("Team".to_owned(), "Red".to_owned()), ("Old".to_owned(), String::new())].into(),
        ..profile(1)
    };
    let to = SecurityProfile {
        tag_restricted_resources: vec![],
        tags: [("Team".to_owned(), "Blue".to_owned())].into(),
        ..from.clone()
    };
    let changes = [Change::Update { before: from.into(), after: to.into() }];
    let calls = calls(&scope(), &instance(), &changes).unwrap();
    let bodies: Vec<_> =
        calls.iter().map(|call| (call.operation.as_str(), call.body.clone(), call.query.clone())).collect();
    assert_eq!(
        bodies,
        [
            ("UpdateSecurityProfile", Some(serde_json::json!({ "TagRestrictedResources": [] })), None),
            ("UntagResource", None, Some("tagKeys=Old".to_owned())),
            ("TagResource", Some(serde_json::json!({ "tags": { "Team": "Blue" } })), None),
        ]
    );
}

#[test]
fn every_inexpressible_change_is_reported() {
    let renamed = SecurityProfile { name: "other".into(), ..profile(1) };
    let moved = group(2, &[3]);
    let changes = [
        Change::Update { before: profile(1).into(), after: renamed.into() },
        Change::Update { before: group(2, &[]).into(), after: moved.into() },
    ];
    let refused = calls(&scope(), &instance(), &changes).unwrap_err();
    let kinds: Vec<Kind> = refused.iter().map(|it| it.key.kind).collect();
    assert_eq!(kinds, [Kind::SecurityProfile, Kind::HierarchyGroup]);
    assert!(refused.iter().any(|it| it.what.contains("cannot be moved")));
}

#[test]
fn a_reversed_change_undoes_it() {
    let (old, new) = (profile(1), SecurityProfile { description: Some("more".into()), ..profile(1) });
    let mut draft = Draft::new(directory(vec![old.into()]));
    draft.put(new).unwrap();
    let (changes, _) = draft.finish(Timestamp(1));
    let back: Vec<Change> = changes.iter().rev().map(Change::reversed).collect();
    let calls = calls(&scope(), &instance(), &back).unwrap();
    let bodies: Vec<_> = calls.into_iter().map(|call| call.body).collect();
    assert_eq!(bodies, [Some(serde_json::json!({ "Description": "" }))]);
}

#[test]
fn later_calls_have_created_resources_as_uuids() {
    // One name is a prefix of the other, and both need escapes.
    let [lead, leads] = ["Lead \"", "Lead \" é"].map(|name| {
        let id = crate::provisional(Kind::SecurityProfile, name);
        SecurityProfile::named(id, name, Timestamp::default(), "eu-west-1")
    });
    let agent =
        |ids: Vec<Id>| AiAgent { arn: "arn:aws:wisdom:eu-west-1:1:ai-agent/a".into(), security_profile_ids: ids };
    let changes = [
        Change::Update { before: agent(vec![]).into(), after: agent(vec![leads.id.clone(), lead.id.clone()]).into() },
        Change::Create(lead.clone().into()),
        Change::Create(leads.into()),
    ];
    let calls = calls(&scope(), &instance(), &changes).unwrap();
    let placeholders: Vec<&String> = calls.iter().flat_map(|call| call.makes.keys()).collect();
    let [one, other] = placeholders.as_slice() else { panic!("{placeholders:?}") };
    assert_eq!(calls[0].resource.id, lead.id);
    let body = calls[2].body.as_ref().unwrap();
    assert_eq!(body["SecurityProfiles"], serde_json::json!([{ "Id": other }, { "Id": one }]));
}

#[test]
fn a_user_needs_a_routing_profile_and_a_security_profile() {
    let refused = |change: Change| {
        let refused = calls(&scope(), &instance(), &[change]).err().unwrap_or_default();
        refused.into_iter().map(|it| it.what).collect::<Vec<_>>().join("; ")
    };
    let routing = || Id::from_uuid(5);
    assert_eq!(refused(Change::Create(user(&[4], routing()).into())), "");
    assert_eq!(
        refused(Change::Create(user(&[4], Id::new("")).into())),
        "the user `ana` cannot be created without a routing profile"
    );
    let update = Change::Update { before: user(&[4], routing()).into(), after: user(&[], routing()).into() };
    assert_eq!(refused(update), "the user `ana` needs at least one security profile");
}
