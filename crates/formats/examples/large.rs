//! The time to write and read a large directory: `cargo run --release -p lanyard-formats --example large`.

use std::time::Instant;

use lanyard_analysis::Configuration;
use lanyard_model::resources::{HierarchyGroup, SecurityProfile, User};
use lanyard_model::{Directory, Id, Resource, StreamId, Tags, Timestamp};

const USERS: u128 = 10_000;
const PROFILES: u128 = 500;
const GROUPS: u128 = 200;

#[expect(clippy::print_stdout, reason = "a command, whose answer is its output")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now = Timestamp::default();
    let catalogue = lanyard_model::catalogue::Catalogue::builtin();
    let mut all: Vec<Resource> = Vec::new();
    for number in 0..GROUPS {
        let ancestors = if number < 10 { vec![] } else { vec![Id::from_uuid(number % 10)] };
        all.push(
            HierarchyGroup {
                id: Id::from_uuid(number),
                name: format!("Team {number}"),
                ancestors,
                tags: Tags::new(),
                last_modified_time: now,
                last_modified_region: String::new(),
            }
            .into(),
        );
    }
    for number in 0..PROFILES {
        let mut it = SecurityProfile::named(Id::from_uuid(1000 + number), &format!("Profile {number}"), now, "");
        let from = usize::try_from(number)?;
        it.permissions = catalogue.iter().skip(from % 200).take(40).map(|it| it.api_name().to_owned()).collect();
        it.tag_restricted_resources = vec!["User".into(), "Queue".into()];
        it.allowed_access_control_tags = [("Team".to_owned(), format!("t{number}"))].into();
        all.push(it.into());
    }
    for number in 0..USERS {
        let profile = |salt: u128| Id::from_uuid(1000 + (number * 7 + salt) % PROFILES);
        all.push(
            User {
                id: Id::from_uuid(1_000_000 + number),
                username: format!("agent.{number}@example.com"),
                identity_info: None,
                phone_config: None,
                channel_configs: Default::default(),
                directory_user_id: None,
                security_profile_ids: vec![profile(0), profile(13)],
                routing_profile_id: Id::from_uuid(9),
                hierarchy_group_id: Some(Id::from_uuid(number % GROUPS)),
                tags: [("Team".to_owned(), format!("t{}", number % 40)), ("Site".to_owned(), "Leeds".to_owned())]
                    .into(),
                last_modified_time: now,
                last_modified_region: String::new(),
            }
            .into(),
        );
    }
    let state = Directory::load(StreamId::Instance(Id::from_uuid(1)), 1, now, all);
    let dir = tempfile::tempdir()?;
    let begun = Instant::now();
    lanyard_formats::write(dir.path(), &Configuration::whole(state))?;
    let written = Instant::now();
    let read = lanyard_formats::read(dir.path())?;
    let done = Instant::now();
    assert_eq!(read.directory.users.len() as u128, USERS);
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("memory not known here").to_owned();
    println!("written in {:?}, read in {:?}, {memory}", written - begun, done - written);
    Ok(())
}
