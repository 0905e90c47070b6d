//! The examples of `docs/files.md` can be read.

use std::fs;

use lanyard_formats::read;
use lanyard_model::Kind;

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/files.md"));

#[test]
fn the_examples_of_the_document_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let profiles = dir.path().join("security-profiles");
    fs::create_dir(&profiles).unwrap();
    let mut blocks = PAGE.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    fs::write(profiles.join("leads.yaml"), blocks.next().unwrap()).unwrap();
    for other in ["Site managers", "Refund assistant"] {
        fs::write(profiles.join(format!("{other}.yaml")), format!("SecurityProfileName: {other}\n")).unwrap();
    }
    // Each file begins with its name in a comment.
    for file in blocks.next().unwrap().split("\n\n") {
        let (name, _) = file.strip_prefix("# ").unwrap().split_once(".yaml").unwrap();
        fs::write(dir.path().join(format!("{name}.yaml")), file).unwrap();
    }
    fs::write(dir.path().join("unseen.yaml"), blocks.next().unwrap()).unwrap();
    assert_eq!(blocks.next(), None);
    let read = read(dir.path()).unwrap_or_else(|fault| panic!("{fault}"));
    let directory = &read.directory;
    let leads = &directory.security_profiles[directory.find_name(Kind::SecurityProfile, "Billing team leads").unwrap()];
    let group = &directory.hierarchy_groups[leads.allowed_access_control_hierarchy_group_id.as_ref().unwrap()];
    assert_eq!((group.name.as_str(), leads.permissions.len(), leads.allowed_ai_agents.len()), ("Lisbon", 3, 1));
    let module = directory.flow_modules.values().next().unwrap();
    assert_eq!(leads.allowed_flow_modules[0].flow_module_id, Some(module.id.to_string()));
    let ana = directory.users.values().next().unwrap();
    assert_eq!(directory.hierarchy_groups[ana.hierarchy_group_id.as_ref().unwrap()].ancestors.len(), 2);
    assert!(read.unknown_parts.kinds.contains(&Kind::AiAgent) && read.unknown_parts.kinds.contains(&Kind::Queue));
    assert_eq!(
        (read.unknown_parts.restrictions.len(), read.unknown_parts.tools.len(), read.unknown_parts.notes.len()),
        (1, 1, 1)
    );
}
