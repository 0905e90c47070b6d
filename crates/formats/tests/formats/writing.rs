//! The effect of writing on existing files.

use std::fs;
use std::path::Path;

use lanyard_analysis::Configuration;
use lanyard_formats::{read, write};
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Id, Resource, StreamId, Timestamp};

fn profiles(of: &[(u128, &str)]) -> Configuration {
    let all = of.iter().map(|(id, name)| {
        Resource::from(SecurityProfile::named(Id::from_uuid(*id), name, Timestamp::default(), "eu-west-2"))
    });
    let stream = StreamId::Instance(Id::from_uuid(9));
    Configuration::whole(Directory::load(stream, 1, Timestamp::default(), all))
}

fn files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join("security-profiles")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn files_have_the_names_of_profiles_and_keep_them() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(
        dir,
        &profiles(&[(1, "Call centre: managers!"), (2, "agent"), (3, "Agent"), (4, "漢字"), (5, "???"), (6, "con")]),
    )
    .unwrap();
    let first = [
        "agent-00000000.yaml",
        "agent.yaml",
        "call-centre-managers.yaml",
        "profile-con.yaml",
        "profile.yaml",
        "漢字.yaml",
    ];
    assert_eq!(files(dir), first);
    // A renamed file keeps its name, and so does the file of a renamed profile.
    fs::rename(dir.join("security-profiles/call-centre-managers.yaml"), dir.join("security-profiles/boss.yaml"))
        .unwrap();
    write(dir, &profiles(&[(1, "Managers"), (2, "agent"), (4, "漢字")])).unwrap();
    assert_eq!(
        files(dir),
        ["agent-00000000.yaml", "boss.yaml", "漢字.yaml"]
            .map(str::to_owned)
            .to_vec()
            .into_iter()
            .filter(|name| files(dir).contains(name))
            .collect::<Vec<_>>()
    );
    assert!(
        fs::read_to_string(dir.join("security-profiles/boss.yaml"))
            .unwrap()
            .contains("SecurityProfileName: Managers\n")
    );
    assert_eq!(files(dir).len(), 3);
    assert_eq!(read(dir).unwrap().directory.security_profiles.len(), 3);
}

#[test]
fn files_of_others_are_never_removed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(dir, &profiles(&[(1, "Gone"), (2, "Stays")])).unwrap();
    let new = "SecurityProfileName: Planned\nPermissions: [Queues.View]\n";
    fs::write(dir.join("security-profiles/planned.yaml"), new).unwrap();
    fs::write(dir.join("security-profiles/NOTES.md"), "ours").unwrap();
    // This one has an identifier, and Lanyard did not write it.
    fs::write(
        dir.join("security-profiles/hand.yaml"),
        format!("SecurityProfileName: Hand\nId: {}\n", Id::from_uuid(8)),
    )
    .unwrap();
    fs::write(dir.join("README.md"), "ours").unwrap();
    write(dir, &profiles(&[(2, "Stays")])).unwrap();
    assert_eq!(files(dir), ["NOTES.md", "hand.yaml", "planned.yaml", "stays.yaml"]);
    assert_eq!(fs::read_to_string(dir.join("README.md")).unwrap(), "ours");
    assert_eq!(fs::read_to_string(dir.join("security-profiles/planned.yaml")).unwrap(), new);
    // After its creation, it stays in its file, which then has the identifier.
    write(dir, &profiles(&[(2, "Stays"), (3, "Planned")])).unwrap();
    assert_eq!(files(dir), ["NOTES.md", "hand.yaml", "planned.yaml", "stays.yaml"]);
    let text = fs::read_to_string(dir.join("security-profiles/planned.yaml")).unwrap();
    assert!(text.contains(&Id::from_uuid(3).to_string()), "{text}");
}

#[test]
fn a_kind_that_becomes_unknown_has_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut configuration = profiles(&[(1, "A")]);
    write(dir.path(), &configuration).unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("users.yaml")).unwrap().lines().last(), Some("[]"));
    assert!(!dir.path().join("unseen.yaml").exists());
    configuration.unknown_parts.kinds.insert(lanyard_model::Kind::User);
    write(dir.path(), &configuration).unwrap();
    assert!(!dir.path().join("users.yaml").exists());
    assert_eq!(read(dir.path()).unwrap().unknown_parts, configuration.unknown_parts);
}
