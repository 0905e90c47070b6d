use lanyard_model::resources::{AllowedFlowModule, Application, SecurityProfile};
use lanyard_model::{StreamId, Timestamp};

use super::*;
use crate::{apply_desired_state, bare};

fn profile(id: u128, name: &str) -> SecurityProfile {
    SecurityProfile::named(Id::from_uuid(id), name, Timestamp::default(), "eu-west-1")
}

fn group(id: u128, name: &str, above: &[u128]) -> Resource {
    HierarchyGroup {
        id: Id::from_uuid(id),
        name: name.to_owned(),
        ancestors: above.iter().map(|id| Id::from_uuid(*id)).collect(),
        tags: Tags::new(),
        last_modified_time: Timestamp::default(),
        last_modified_region: String::new(),
    }
    .into()
}

fn module(id: u128, name: &str) -> Resource {
    bare(Kind::FlowModule, Id::from_uuid(id), name, Tags::new()).unwrap()
}

fn state(instance: u128, resources: Vec<Resource>) -> Configuration {
    let stream = StreamId::Instance(Id::from_uuid(instance));
    Configuration::whole(Directory::load(stream, 1, Timestamp::default(), resources))
}

fn mappings(kind: Kind, pairs: &[(&str, Mapping)]) -> Map {
    let names = pairs.iter().map(|(from, tie)| ((*from).to_owned(), tie.clone())).collect();
    Map { names: BTreeMap::from([(kind, names)]), ..Map::default() }
}

fn messages(refused: &[Unmapped]) -> String {
    refused.iter().map(|it| format!("{it}\n")).collect()
}

fn scoped() -> SecurityProfile {
    SecurityProfile { allowed_access_control_hierarchy_group_id: Some(Id::from_uuid(11)), ..profile(1, "Leads") }
}

#[test]
fn names_correspond_and_resources_only_in_the_target_stay() {
    let desired =
        state(1, vec![group(10, "North", &[]), group(11, "Team", &[10]), scoped().into(), profile(2, "New").into()]);
    let current = state(
        2,
        vec![group(20, "North", &[]), group(21, "Team", &[20]), profile(31, "Leads").into(), profile(32, "Own").into()],
    );
    let (brought, notes) = promote(&current, &desired, &Map::default()).unwrap();
    assert!(notes.iter().any(|note| note.contains("`Own`")), "{notes:?}");
    let becomes = apply_desired_state(&current, &brought).unwrap().directory;
    let leads = &becomes.security_profiles[&Id::from_uuid(31)];
    assert_eq!(leads.allowed_access_control_hierarchy_group_id, Some(Id::from_uuid(21)));
    assert!(becomes.security_profiles.contains_key(&Id::from_uuid(32)));
    assert!(becomes.security_profiles.contains_key(&provisional(Kind::SecurityProfile, "New")));
    assert_eq!(becomes.security_profiles.len(), 3);

    let deleting = Map { deletes: true, ..Map::default() };
    let (brought, _) = promote(&current, &desired, &deleting).unwrap();
    let becomes = apply_desired_state(&current, &brought).unwrap().directory;
    assert!(!becomes.security_profiles.contains_key(&Id::from_uuid(32)));
    // Groups are not promoted, so that those of the target stay.
    assert_eq!(becomes.hierarchy_groups.len(), 2);
}

#[test]
fn a_restriction_is_never_left_out() {
    let desired = state(1, vec![group(10, "North", &[]), group(11, "Team", &[10]), scoped().into()]);
    let current = state(2, vec![group(20, "North", &[])]);
    let refused = |map: &Map| messages(&promote(&current, &desired, map).unwrap_err());
    assert!(refused(&Map::default()).contains("`North/Team`"));
    assert!(refused(&mappings(Kind::HierarchyGroup, &[("North/Team", Mapping::LeftOut)])).contains("is needed here"));
    let elsewhere = mappings(Kind::HierarchyGroup, &[("North/Team", Mapping::To("South".into()))]);
    assert!(refused(&elsewhere).contains("to `South`, which the target does not have"));
}

#[test]
fn promoted_groups_are_created_below_existing_ones() {
    let desired = state(1, vec![group(10, "North", &[]), group(11, "Team", &[10]), scoped().into()]);
    let current = state(2, vec![group(20, "Europe", &[])]);
    let map = Map {
        promoted: [Kind::SecurityProfile, Kind::HierarchyGroup].into(),
        ..mappings(Kind::HierarchyGroup, &[("North", Mapping::To("Europe".into()))])
    };
    let (brought, _) = promote(&current, &desired, &map).unwrap();
    let team = provisional(Kind::HierarchyGroup, "Europe/Team");
    let made = &brought.directory.hierarchy_groups[&team];
    assert_eq!((made.name.as_str(), made.ancestors.as_slice()), ("Team", [Id::from_uuid(20)].as_slice()));
    let leads = brought.directory.security_profiles.values().next().unwrap();
    assert_eq!(leads.allowed_access_control_hierarchy_group_id, Some(team));
}

#[test]
fn tools_are_mapped_left_out_or_reported() {
    let text = |id: u128, version: &str| Some(format!("{}{version}", Id::from_uuid(id)));
    let allowed = |flow_module_id| AllowedFlowModule { flow_module_id, module_type: Some("MCP".into()) };
    let leads = SecurityProfile {
        applications: vec![
            Application { namespace: Some("crm".into()), permissions: vec!["ACCESS".into()], application_type: None },
            Application { namespace: Some("old".into()), permissions: vec!["ACCESS".into()], application_type: None },
        ],
        allowed_flow_modules: vec![allowed(text(5, ":live")), allowed(text(6, ""))],
        ..profile(1, "Leads")
    };
    let desired = state(1, vec![module(5, "Refund"), module(6, "Lookup"), leads.into()]);
    let current = state(2, vec![module(7, "Refund")]);
    let refused = messages(&promote(&current, &desired, &Map::default()).unwrap_err());
    for what in ["`crm`", "`old`", "`Lookup`"] {
        assert!(refused.contains(what), "{refused}");
    }
    let namespaces = [("crm".to_owned(), Mapping::To("crm-live".into())), ("old".to_owned(), Mapping::LeftOut)].into();
    let map = Map { namespaces, ..mappings(Kind::FlowModule, &[("Lookup", Mapping::LeftOut)]) };
    let (brought, _) = promote(&current, &desired, &map).unwrap();
    let leads = brought.directory.security_profiles.values().next().unwrap();
    let used: Vec<_> = leads.applications.iter().filter_map(|it| it.namespace.as_deref()).collect();
    assert_eq!(used, ["crm-live"]);
    assert_eq!(leads.allowed_flow_modules, [allowed(text(7, ":live"))]);
}

#[test]
fn two_profiles_cannot_become_one() {
    let desired = state(1, vec![profile(1, "Leads").into(), profile(2, "Heads").into()]);
    let map = mappings(Kind::SecurityProfile, &[("Heads", Mapping::To("Leads".into()))]);
    assert!(messages(&promote(&state(2, vec![]), &desired, &map).unwrap_err()).contains("would be the same"));
}
