//! The output of `terraform show -json`, of both providers. `e2e/test_from_files.py` reads real output of Terraform.

use std::fs;

use lanyard_analysis::{Configuration, is_provisional};
use lanyard_engine::{OpenPoint, Outcome};
use lanyard_formats::read;
use lanyard_model::{Id, Kind};

use super::cloudformation::ask;

fn shown(json: &str) -> Configuration {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.json");
    fs::write(&path, json).unwrap();
    read(&path).unwrap()
}

const STATE: &str = r#"{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {
 "resources": [
  {"address": "aws_connect_instance.c", "mode": "managed", "type": "aws_connect_instance", "values": {
    "id": "00000000-0000-0000-0000-000000000009", "arn": "arn:aws:connect:eu-west-2:123456789012:instance/00000000-0000-0000-0000-000000000009",
    "instance_alias": "centre", "identity_management_type": "SAML"}},
  {"address": "aws_connect_security_profile.lead", "mode": "managed", "type": "aws_connect_security_profile", "values": {
    "instance_id": "00000000-0000-0000-0000-000000000009", "security_profile_id": "00000000-0000-0000-0000-000000000001",
    "name": "Lead", "description": "d", "permissions": ["Queues.View", "BasicAgentAccess"], "tags": null, "tags_all": {"a": "b"}}},
  {"address": "aws_connect_user.ann", "mode": "managed", "type": "aws_connect_user", "values": {
    "instance_id": "00000000-0000-0000-0000-000000000009", "user_id": "00000000-0000-0000-0000-000000000002", "name": "ann",
    "hierarchy_group_id": "", "routing_profile_id": "00000000-0000-0000-0000-000000000007",
    "security_profile_ids": ["00000000-0000-0000-0000-000000000001"], "identity_info": [{"first_name": "Ann", "email": ""}], "tags_all": {}}},
  {"address": "aws_connect_user_hierarchy_group.team", "mode": "managed", "type": "aws_connect_user_hierarchy_group", "values": {
    "instance_id": "00000000-0000-0000-0000-000000000009", "hierarchy_group_id": "00000000-0000-0000-0000-0000000000b2", "name": "Team",
    "parent_group_id": null, "tags_all": {}, "hierarchy_path": [{
      "level_one": [{"id": "00000000-0000-0000-0000-0000000000b1", "name": "Site"}],
      "level_two": [{"id": "00000000-0000-0000-0000-0000000000b2", "name": "Team"}], "level_three": []}]}},
  {"address": "data.aws_connect_security_profile.same", "mode": "data", "type": "aws_connect_security_profile", "values": {
    "instance_id": "00000000-0000-0000-0000-000000000009", "security_profile_id": "00000000-0000-0000-0000-000000000001", "name": "Lead",
    "permissions": [], "tags": {}}}
 ],
 "child_modules": [{"resources": [
  {"address": "module.m.aws_connect_user.bob[\"x\"]", "mode": "managed", "type": "aws_connect_user", "values": {
    "instance_id": "00000000-0000-0000-0000-000000000009", "user_id": "00000000-0000-0000-0000-000000000003", "name": "bob",
    "security_profile_ids": ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-0000000000ff"], "tags_all": {}}},
  {"address": "aws_sns_topic.t", "mode": "managed", "type": "aws_sns_topic", "values": {}}
 ]}]}}}"#;

#[test]
fn the_aws_provider_leaves_restrictions_unknown() {
    let read = shown(STATE);
    let unknown_parts = vec![OpenPoint::Unseen];
    assert_eq!(read.directory.instances.values().next().unwrap().alias.as_deref(), Some("centre"));
    assert_eq!(read.directory.security_profiles.len(), 1);
    let team = read.directory.hierarchy_groups.values().next().unwrap();
    assert_eq!(team.ancestors, [Id::new("00000000-0000-0000-0000-0000000000b1")]);
    let lead = read.directory.security_profiles.values().next().unwrap();
    assert_eq!((lead.tags["a"].as_str(), lead.permissions.len()), ("b", 2));
    assert!(read.unknown_parts.restrictions.contains(&lead.id));
    assert_eq!(ask(&read, "ann", "Queues.View", "Queue", "*"), (Outcome::Undetermined, unknown_parts.clone()));
    assert_eq!(
        ask(&read, "ann", "BasicAgentAccess", "Instance", "00000000-0000-0000-0000-000000000009").0,
        Outcome::Allowed
    );
    assert_eq!(ask(&read, "ann", "Users.Edit", "User", "*").0, Outcome::Denied);
    // Bob has another profile that is not in the state, which may hold anything.
    assert_eq!(ask(&read, "bob", "Users.Edit", "User", "*"), (Outcome::Undetermined, unknown_parts));
}

#[test]
fn a_plan_has_its_planned_values_and_values_after_the_apply_are_unknown() {
    let plan = r#"{"format_version": "1.2", "terraform_version": "1.9.0",
 "planned_values": {"root_module": {"resources": [
  {"address": "awscc_connect_security_profile.p", "mode": "managed", "type": "awscc_connect_security_profile", "values": {
    "security_profile_name": "P", "permissions": ["Queues.View"], "tag_restricted_resources": ["Queue"],
    "allowed_access_control_tags": [{"key": "Team", "value": "x"}], "tags": []}},
  {"address": "awscc_connect_security_profile.q", "mode": "managed", "type": "awscc_connect_security_profile", "values": {
    "security_profile_name": "Q", "permissions": ["Queues.View"], "tag_restricted_resources": ["Queue"]}},
  {"address": "awscc_connect_user.u", "mode": "managed", "type": "awscc_connect_user", "values": {
    "username": "ann", "security_profile_arns": [null]}},
  {"address": "awscc_connect_user.v", "mode": "managed", "type": "awscc_connect_user", "values": {
    "username": "bob", "security_profile_arns": ["arn:aws:connect:r:1:instance/i/security-profile/00000000-0000-0000-0000-000000000005"]}},
  {"address": "awscc_connect_queue.q", "mode": "managed", "type": "awscc_connect_queue", "values": {
    "name": "Claims", "queue_arn": "arn:aws:connect:r:1:instance/i/queue/00000000-0000-0000-0000-000000000006"}}
 ]}},
 "resource_changes": [
  {"address": "awscc_connect_security_profile.p", "change": {"after_unknown": {"security_profile_arn": true, "tags": []}}},
  {"address": "awscc_connect_security_profile.q", "change": {"after_unknown": {"allowed_access_control_tags": true}}},
  {"address": "awscc_connect_user.u", "change": {"after_unknown": {"security_profile_arns": [true]}}}
 ],
 "prior_state": {"values": {"root_module": {"resources": [
  {"address": "data.awscc_connect_security_profile.old", "mode": "data", "type": "awscc_connect_security_profile", "values": {
    "security_profile_arn": "arn:aws:connect:r:1:instance/i/security-profile/00000000-0000-0000-0000-000000000005",
    "security_profile_name": "Old", "permissions": ["Queues.View"]}},
  {"address": "awscc_connect_queue.gone", "mode": "managed", "type": "awscc_connect_queue", "values": {"name": "Gone"}}
 ]}}}}"#;
    let read = shown(plan);
    let profile = |name: &str| read.directory.find_name(Kind::SecurityProfile, name).unwrap().clone();
    assert!(is_provisional(&profile("P")));
    assert_eq!(profile("Old"), Id::new("00000000-0000-0000-0000-000000000005"));
    assert_eq!(read.directory.security_profiles[&profile("P")].allowed_access_control_tags["Team"], "x");
    assert!(
        !read.unknown_parts.restrictions.contains(&profile("P"))
            && read.unknown_parts.restrictions.contains(&profile("Q"))
    );
    assert_eq!(read.directory.queues.len(), 1);
    assert_eq!(ask(&read, "ann", "Users.Edit", "User", "*").0, Outcome::Undetermined);
    assert_eq!(ask(&read, "bob", "Users.Edit", "User", "*").0, Outcome::Denied);
    assert_eq!(ask(&read, "bob", "Queues.View", "Queue", "00000000-0000-0000-0000-000000000006").0, Outcome::Allowed);
}

#[test]
fn an_empty_state_is_wholly_unknown() {
    for text in [r#"{"format_version": "1.0", "terraform_version": "1.9.0"}"#, r#"{"format_version": "1.0"}"#] {
        let read = shown(text);
        assert!(read.directory.iter().next().is_none() && read.unknown_parts.kinds.contains(&Kind::User));
    }
}
