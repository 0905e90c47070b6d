//! Time and memory of linting a large instance: `cargo run --release -p lanyard-analysis --example lint_speed [USERS
//! PROFILES]`.

#![allow(
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a measurement for people"
)]

use std::collections::BTreeMap;
use std::time::Instant;

use lanyard_analysis::Configuration;
use lanyard_analysis::lint::{Declared, lint};
use lanyard_engine::{Compiled, PermissionIndex};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::resources::{ChannelConfigs, HierarchyGroup, SecurityProfile, User};
use lanyard_model::{Directory, Id, Resource, StreamId, Tags, Timestamp};

/// A generator whose numbers are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

fn id(kind: u128, number: usize) -> Id {
    Id::from_uuid(kind << 64 | number as u128)
}

fn team(number: usize) -> Tags {
    Tags::from([("Team".to_owned(), format!("team-{number}"))])
}

fn world(users: usize, profiles: usize) -> Directory {
    let mut numbers = Numbers(7);
    let names: Vec<_> = Catalogue::builtin().iter().map(|it| it.api_name().to_owned()).collect();
    let mut all: Vec<Resource> = Vec::new();
    for number in 0..400 {
        let ancestors = if number < 20 { Vec::new() } else { vec![id(1, number % 20)] };
        all.push(
            HierarchyGroup {
                id: id(1, number),
                name: format!("group {number}"),
                ancestors,
                tags: Tags::new(),
                last_modified_time: Timestamp(0),
                last_modified_region: String::new(),
            }
            .into(),
        );
    }
    for number in 0..profiles {
        let mut profile = SecurityProfile::named(id(2, number), &format!("profile {number}"), Timestamp(0), "");
        let count = if number == 0 { names.len() } else { 2 + numbers.below(40) };
        profile.permissions =
            (0..count).map(|at| names[if number == 0 { at } else { numbers.below(names.len()) }].clone()).collect();
        profile.permissions.sort_unstable();
        profile.permissions.dedup();
        match number % 5 {
            1 | 2 => {
                profile.tag_restricted_resources = vec!["Queue".to_owned(), "User".to_owned()];
                profile.allowed_access_control_tags = team(number % 60);
            }
            3 => {
                profile.hierarchy_restricted_resources = vec!["User".to_owned()];
                profile.allowed_access_control_hierarchy_group_id =
                    (number % 2 == 0).then(|| id(1, numbers.below(400)));
            }
            _ => {}
        }
        all.push(profile.into());
    }
    for number in 0..users {
        let held = (0..1 + numbers.below(3)).map(|_| 1 + numbers.below(profiles - 1));
        let held: BTreeMap<_, _> = held.map(|it| (it, id(2, it))).collect();
        all.push(
            User {
                id: id(3, number),
                username: format!("user{number}"),
                identity_info: None,
                phone_config: None,
                channel_configs: ChannelConfigs::default(),
                directory_user_id: None,
                security_profile_ids: if number == 0 { vec![id(2, 0)] } else { held.into_values().collect() },
                routing_profile_id: Id::new(""),
                hierarchy_group_id: Some(id(1, numbers.below(400))),
                tags: team(numbers.below(60)),
                last_modified_time: Timestamp(0),
                last_modified_region: String::new(),
            }
            .into(),
        );
    }
    Directory::load(StreamId::Instance(id(9, 9)), 0, Timestamp(0), all)
}

/// The most memory that the process had, in MB, where the system says.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|text| text.trim().parse::<u64>().ok());
    kilobytes.map_or_else(|| "unknown".to_owned(), |it| format!("{} MB", it / 1024))
}

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (users, profiles) = (given.first().copied().unwrap_or(10_000), given.get(1).copied().unwrap_or(500).max(2));
    let directory = world(users, profiles);
    let configuration = Configuration::whole(directory);
    println!("{users} users, {profiles} profiles; only the state takes {}", most_memory());
    let started = Instant::now();
    let compiled = Compiled::new(&configuration.directory, PermissionIndex::builtin());
    let prepared = started.elapsed();
    let report = lint(&configuration, &compiled, Catalogue::builtin(), &Declared::default());
    println!(
        "prepared in {prepared:.1?}, linted in {:.1?}: {} findings",
        started.elapsed() - prepared,
        report.findings.len()
    );
    let mut by_rule: BTreeMap<_, usize> = BTreeMap::new();
    report.findings.iter().for_each(|it| *by_rule.entry(it.rule.id).or_default() += 1);
    by_rule.iter().for_each(|(rule, count)| println!("  {count:6}  {rule}"));
    println!("most memory: {}", most_memory());
}
