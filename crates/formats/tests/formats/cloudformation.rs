//! CloudFormation templates: evaluated values, and unknown ones.

use std::fs;

use lanyard_analysis::{Configuration, is_provisional};
use lanyard_engine::{Compiled, OpenPoint, Outcome, PermissionIndex, Principal, Question};
use lanyard_formats::read;
use lanyard_model::Kind;

fn template(name: &str, text: &str) -> Result<Configuration, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, text).unwrap();
    read(&path).map_err(|fault| fault.to_string().replace(&format!("{}/", dir.path().display()), ""))
}

pub(super) fn ask(read: &Configuration, who: &str, action: &str, it: &str, id: &str) -> (Outcome, Vec<OpenPoint>) {
    let compiled = Compiled::with_unknown_parts(&read.directory, PermissionIndex::builtin(), &read.unknown_parts);
    let answer = compiled.outcome(&Question::new(Principal::User(who), action, it, id)).unwrap();
    (answer.outcome, answer.open_points)
}

const YAML: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Site: {Type: String, Default: Leeds}
  Instance: {Type: String}
  Extra: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "Queues.View, Queues.Edit"}
Mappings:
  Teams: {Leeds: {Name: billing}}
Conditions:
  IsLeeds: !Equals [!Ref Site, Leeds]
  IsBath: !Not [!Condition IsLeeds]
  IsExtra: !Equals [!Ref Extra, "yes"]
Resources:
  Lead:
    Type: AWS::Connect::SecurityProfile
    Properties:
      InstanceArn: !Ref Instance
      SecurityProfileName: !Sub "${Site} lead"
      Permissions: !Ref Names
      TagRestrictedResources: [Queue, !If [IsBath, User, !Ref "AWS::NoValue"]]
      AllowedAccessControlTags:
        - Key: Team
          Value: !FindInMap [Teams, !Ref Site, Name]
      HierarchyRestrictedResources: [User]
      AllowedAccessControlHierarchyGroupId: !Select [3, !Split ["/", !GetAtt York.UserHierarchyGroupArn]]
      Tags: [{Key: Kind, Value: !Join ["-", [a, !Ref Site]]}]
  Strange:
    Type: AWS::Connect::SecurityProfile
    Properties:
      SecurityProfileName: Strange
      Permissions: [Queues.View]
      TagRestrictedResources: [Queue]
      AllowedAccessControlTags: [{Key: Team, Value: !ImportValue team}]
  Hidden:
    Type: AWS::Connect::SecurityProfile
    Properties: {SecurityProfileName: Hidden, Permissions: [!Ref Extra]}
  Bath:
    Type: AWS::Connect::SecurityProfile
    Condition: IsBath
    Properties: {SecurityProfileName: Bath}
  Maybe:
    Type: AWS::Connect::SecurityProfile
    Condition: IsExtra
    Properties: {SecurityProfileName: Maybe}
  North: {Type: AWS::Connect::UserHierarchyGroup, Properties: {Name: North}}
  York:
    Type: AWS::Connect::UserHierarchyGroup
    Properties: {Name: York, ParentGroupArn: !Ref North}
  Billing:
    Type: AWS::Connect::Queue
    Properties: {Name: Billing, Tags: [{Key: Team, Value: billing}]}
  Claims:
    Type: AWS::Connect::Queue
    Properties: {Name: Claims}
  Ann:
    Type: AWS::Connect::User
    Properties:
      Username: ann
      SecurityProfileArns: [!GetAtt Lead.SecurityProfileArn]
      HierarchyGroupArn: !GetAtt York.UserHierarchyGroupArn
      RoutingProfileArn: !ImportValue routing
  Bob:
    Type: AWS::Connect::User
    Properties: {Username: bob, SecurityProfileArns: [!Ref Strange], RoutingProfileArn: !ImportValue routing}
  Cem:
    Type: AWS::Connect::User
    Properties: {Username: cem, SecurityProfileArns: [!Ref Hidden, !Ref Extra], RoutingProfileArn: x}
  Topic: {Type: AWS::SNS::Topic}
"#;

#[test]
fn evaluable_values_are_known_and_the_rest_is_unknown() {
    let read = template("stack.yaml", YAML).unwrap();
    let directory = &read.directory;
    let profile = |name: &str| {
        let id = directory.find_name(Kind::SecurityProfile, name).unwrap_or_else(|| panic!("{name}"));
        std::sync::Arc::clone(&directory.security_profiles[id])
    };
    let lead = profile("Leeds lead");
    assert!(is_provisional(&lead.id));
    assert_eq!(lead.permissions, ["Queues.Edit", "Queues.View"]);
    assert_eq!(lead.tag_restricted_resources, ["Queue"]);
    assert_eq!(lead.allowed_access_control_tags["Team"], "billing");
    assert_eq!(lead.tags["Kind"], "a-Leeds");
    let group = lead.allowed_access_control_hierarchy_group_id.as_ref().unwrap();
    let york = &directory.hierarchy_groups[group];
    assert_eq!((york.name.as_str(), york.ancestors.len()), ("York", 1));
    assert!(
        !read.unknown_parts.restrictions.contains(&lead.id)
            && read.unknown_parts.restrictions.contains(&profile("Strange").id)
    );
    assert!(read.unknown_parts.tools.contains(&lead.id));
    for name in ["Bath", "Maybe"] {
        assert_eq!(directory.find_name(Kind::SecurityProfile, name), None, "{name}");
    }
    let notes = read.unknown_parts.notes.join("\n");
    assert!(
        notes.contains("a part of the permissions of the security profile `Hidden` (")
            && notes.contains("stack.yaml:37:61)"),
        "{notes}"
    );
    assert!(notes.contains("`Maybe`, which depends on an unknown condition (") && !notes.contains("`Bath`"), "{notes}");
    assert_eq!(read.unknown_parts.permissions, [profile("Hidden").id.clone()].into());
    // Ann's group and profile are known, so a refusal is certain.
    let queue = |name: &str| directory.find_name(Kind::Queue, name).unwrap().to_string();
    let unknown_parts = vec![OpenPoint::Unseen];
    assert_eq!(ask(&read, "ann", "Queues.Edit", "Queue", &queue("Billing")), (Outcome::Allowed, vec![]));
    assert_eq!(ask(&read, "ann", "Queues.Edit", "Queue", &queue("Claims")), (Outcome::Denied, vec![]));
    assert_eq!(ask(&read, "ann", "Users.Edit", "User", "whoever"), (Outcome::Denied, vec![]));
    assert_eq!(
        ask(&read, "bob", "Queues.View", "Queue", &queue("Claims")),
        (Outcome::Undetermined, unknown_parts.clone())
    );
    assert_eq!(ask(&read, "bob", "Queues.Edit", "Queue", &queue("Claims")), (Outcome::Denied, vec![]));
    assert_eq!(ask(&read, "cem", "Users.Edit", "User", "*"), (Outcome::Undetermined, unknown_parts.clone()));
    assert_eq!(ask(&read, "dan", "Users.Edit", "User", "*"), (Outcome::Undetermined, unknown_parts));
    let key = lanyard_model::Key { kind: Kind::SecurityProfile, id: lead.id.clone() };
    assert_eq!(
        read.places.find(&key, "AllowedAccessControlTags/Team").map(|place| (place.line, place.column)),
        Some((23, 11))
    );
}

#[test]
fn synthesised_json_reads_like_yaml() {
    let json = r#"{
 "Resources": {
  "AgentProfile1A2B3C4D": {
   "Type": "AWS::Connect::SecurityProfile",
   "Properties": {
    "InstanceArn": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":connect:eu-west-2:123456789012:instance/x"]]},
    "Permissions": ["BasicAgentAccess", "Queues.View"],
    "SecurityProfileName": "Agent"
   },
   "Metadata": {"aws:cdk:path": "Stack/AgentProfile"}
  },
  "User5E6F": {
   "Type": "AWS::Connect::User",
   "Properties": {
    "Username": "ann",
    "SecurityProfileArns": [{"Fn::GetAtt": ["AgentProfile1A2B3C4D", "SecurityProfileArn"]}]
   }
  }
 },
 "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/x"}},
 "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["1"], {"Ref": "BootstrapVersion"}]}]}}]}}
}"#;
    let read = template("Stack.template.json", json).unwrap();
    assert_eq!(ask(&read, "ann", "Queues.View", "Queue", "*").0, Outcome::Allowed);
    assert_eq!(
        ask(&read, "ann", "BasicAgentAccess", "Instance", &read.directory.stream().to_string()[9..]).0,
        Outcome::Allowed
    );
    assert_eq!(ask(&read, "ann", "Queues.Edit", "Queue", "*").0, Outcome::Denied);
}

#[test]
fn duplicate_declarations_and_two_instances_are_errors() {
    let two = |one: &str, other: &str| {
        format!(
            "Resources:\n  A:\n    Type: AWS::Connect::SecurityProfile\n    Properties: {one}\n  B:\n    \
             Type: AWS::Connect::SecurityProfile\n    Properties: {other}\n"
        )
    };
    let same = template("t.yml", &two("{SecurityProfileName: X}", "{SecurityProfileName: X}")).unwrap_err();
    assert_eq!(same, "t.yml:5:3: `B` declares the same security profile as `A` on line 2");
    let several = two(
        "{SecurityProfileName: X, InstanceArn: 'arn:aws:connect:r:1:instance/i'}",
        "{SecurityProfileName: Y, InstanceArn: 'arn:aws:connect:r:1:instance/j'}",
    );
    assert!(template("t.yml", &several).unwrap_err().contains("several instances, `i` and `j`"));
    assert!(template("t.json", "{\"a\": 1}").unwrap_err().contains("neither a CloudFormation template"));
    assert!(
        template("t.json", "{\"serial\": 1, \"lineage\": \"\", \"resources\": []}")
            .unwrap_err()
            .contains("terraform show -json")
    );
    // Circular parameters and references to missing resources terminate.
    let odd = "Conditions: {A: !Condition A}\nResources:\n  X: {Type: AWS::Connect::Queue, Condition: A, Properties: {Name: !Ref X}}\n";
    assert!(template("t.yml", odd).unwrap().directory.queues.is_empty());
}

#[test]
fn a_template_with_only_loops_is_read_and_their_resources_are_unknown() {
    let text = r#"{"Transform": "AWS::LanguageExtensions", "Resources": {"Fn::ForEach::Teams": ["Team", ["a", "b"], {
        "P${Team}": {"Type": "AWS::Connect::SecurityProfile", "Properties": {"SecurityProfileName": {"Ref": "Team"}}}}]}}"#;
    let read = template("t.json", text).unwrap();
    assert!(read.directory.iter().next().is_none() && read.unknown_parts.kinds.contains(&Kind::SecurityProfile));
    assert!(read.unknown_parts.notes.iter().any(|note| note.contains("Fn::ForEach::Teams")));
}
