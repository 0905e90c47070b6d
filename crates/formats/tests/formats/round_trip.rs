//! A written state reads back unchanged, as far as files contain it.

use std::fs;

use lanyard_analysis::{overlay, portable};
use lanyard_formats::{read, write};
use lanyard_model::{Id, Kind, Resource, Tags, Timestamp};

use super::world::configuration;

/// A resource of a kind with few portable members, with additional members.
pub(crate) fn simple(kind: Kind, id: &Id, name: &str, tags: &Tags, invocable: Option<bool>) -> Resource {
    let tags = serde_json::to_string(tags).unwrap();
    let name = serde_json::to_string(name).unwrap();
    let more = match kind {
        Kind::HoursOfOperation => r#""time_zone": "UTC", "config": []"#.to_owned(),
        Kind::Queue => format!(r#""hours_of_operation_id": "{id}", "enabled": false, "max_contacts": 7"#),
        Kind::QuickConnect => r#""destination": {"PhoneNumber": {"phone_number": "+12065550100"}}"#.to_owned(),
        Kind::RoutingProfile => {
            format!(r#""description": "d", "default_outbound_queue_id": "{id}", "media_concurrencies": []"#)
        }
        Kind::FlowModule => {
            format!(
                r#""content": "{{}}", "external_invocation_enabled": {}"#,
                serde_json::to_string(&invocable).unwrap()
            )
        }
        Kind::DataTable => {
            format!(
                r#""time_zone": "UTC", "value_lock_level": "VALUE", "default_record_id": "{id}", "lock_version": 4, "created_time": 3"#
            )
        }
        other => panic!("{other:?}"),
    };
    let json = format!(
        r#"{{"id": "{id}", "name": {name}, "tags": {tags}, "last_modified_time": 12, "last_modified_region": "x", {more}}}"#
    );
    Resource::from_json(kind, &json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

#[test]
fn a_written_state_reads_back() {
    for seed in 0..150 {
        let dir = tempfile::tempdir().unwrap();
        let before = configuration(seed);
        write(dir.path(), &before).unwrap();
        let after = read(dir.path()).unwrap_or_else(|fault| panic!("seed {seed}: {fault}"));
        assert_eq!(after.directory.stream(), before.directory.stream());
        let want: Vec<_> = before.directory.iter().filter_map(|it| portable(&it)).collect();
        let got: Vec<_> = after.directory.iter().collect();
        assert_eq!(got, want, "seed {seed}");
        assert_eq!(after.unknown_parts.restrictions, before.unknown_parts.restrictions, "seed {seed}");
        assert_eq!(after.unknown_parts.tools, before.unknown_parts.tools, "seed {seed}");
        let mut kinds = before.unknown_parts.kinds.clone();
        if !before.directory.data_tables.is_empty() || kinds.contains(&Kind::DataTable) {
            kinds.extend([Kind::DataTableAttribute, Kind::DataTableRecord]);
        }
        assert_eq!(after.unknown_parts.kinds, kinds, "seed {seed}");
        assert_eq!(after.unknown_parts.notes, before.unknown_parts.notes, "seed {seed}");
        for it in after.directory.iter().filter(|it| it.kind() != Kind::HierarchyStructure) {
            let place = after.places.find(&it.key(), "").unwrap_or_else(|| panic!("{:?} has no place", it.key()));
            assert!(place.file.contains(dir.path().to_str().unwrap()), "{place}");
        }
    }
}

#[test]
fn rewriting_touches_no_file_and_an_overlay_restores_members_outside_files() {
    for seed in 0..50 {
        let dir = tempfile::tempdir().unwrap();
        let before = configuration(seed);
        write(dir.path(), &before).unwrap();
        let times = |dir: &std::path::Path| -> Vec<_> {
            let files = [dir.to_owned(), dir.join("security-profiles")];
            let files = files.iter().filter_map(|dir| fs::read_dir(dir).ok()).flatten().map(|entry| entry.unwrap());
            let mut files: Vec<_> =
                files.map(|entry| (entry.path(), entry.metadata().unwrap().modified().unwrap())).collect();
            files.sort();
            files
        };
        let first = times(dir.path());
        let after = read(dir.path()).unwrap();
        write(dir.path(), &after).unwrap();
        assert_eq!(times(dir.path()), first, "seed {seed}");
        for it in before.directory.iter() {
            let Some(read) = after.directory.get(it.kind(), &it.id()) else { panic!("{:?} is lost", it.key()) };
            assert_eq!(portable(&overlay(&it, &read)), Some(read), "seed {seed}");
        }
    }
}

#[test]
fn places_have_the_exact_line() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("security-profiles")).unwrap();
    fs::write(
        dir.path().join("security-profiles/lead.yaml"),
        "SecurityProfileName: Lead\nPermissions:\n- Queues.View\n- Queues.Edit\nAllowedAccessControlTags:\n  Site: Leeds\n",
    )
    .unwrap();
    fs::write(dir.path().join("users.yaml"), "- Username: ann\n  SecurityProfiles: [Lead]\n").unwrap();
    let read = read(dir.path()).unwrap();
    let profile = read.directory.security_profiles.values().next().unwrap();
    let place = |key, path: &str| {
        let place = read.places.find(key, path).unwrap();
        (place.file.rsplit('/').next().unwrap().to_owned(), place.line, place.column)
    };
    let key = lanyard_model::Key { kind: Kind::SecurityProfile, id: profile.id.clone() };
    assert!(lanyard_analysis::is_provisional(&profile.id));
    assert_eq!(place(&key, ""), ("lead.yaml".into(), 1, 1));
    assert_eq!(place(&key, "Permissions"), ("lead.yaml".into(), 2, 1));
    assert_eq!(place(&key, "Permissions/Queues.Edit"), ("lead.yaml".into(), 4, 3));
    assert_eq!(place(&key, "AllowedAccessControlTags/Site"), ("lead.yaml".into(), 6, 3));
    assert_eq!(place(&key, "Description"), ("lead.yaml".into(), 1, 1));
    let user = read.directory.users.values().next().unwrap();
    assert_eq!(user.security_profile_ids, std::slice::from_ref(&profile.id));
    let key = lanyard_model::Key { kind: Kind::User, id: user.id.clone() };
    assert_eq!(place(&key, "SecurityProfiles/Lead"), ("users.yaml".into(), 2, 22));
    assert_eq!(read.unknown_parts.kinds.len(), 11, "{:?}", read.unknown_parts.kinds);
    assert_eq!(read.directory.revision(), 0);
    assert_eq!(read.directory.time(), Timestamp::default());
}
