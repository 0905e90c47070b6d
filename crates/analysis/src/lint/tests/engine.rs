//! The access that rules report, compared with the engine.

use lanyard_engine::{Compiled, Outcome, PermissionIndex, Principal, Question};
use lanyard_model::Kind;
use lanyard_model::catalogue::ResourceType;

use super::cases;
use super::world::{World, id};
use crate::lint::Severity;

#[test]
fn unknown_data_is_never_taken_for_absent() {
    for (rule, world) in cases::not_seen() {
        let report = world.lint();
        assert!(report.findings.iter().all(|it| it.rule.id != rule), "{rule}: {:#?}", report.findings);
        assert!(!report.not_seen.is_empty(), "{rule}");
    }
}

/// A user, a type, and whether every resource is granted for any permission on it: all combinations of two profiles
/// with or without restrictions.
#[test]
fn a_restriction_is_void_exactly_where_the_engine_grants_everything() {
    let shapes: &[fn(World, &str) -> World] = &[
        |world, name| world.profile(name, "Users.View Queues.View"),
        |world, name| world.profile(name, "Prompts.View"),
        |world, name| world.tagged(name, "Users.View Queues.View", "User", "a=b"),
        |world, name| world.tagged(name, "Users.View Queues.View", "User Queue", "a=c"),
        |world, name| world.ranked(name, "Users.View Users.Edit", "top"),
        |world, name| world.tagged(name, "Users.Edit", "Queue", "a=b"),
    ];
    let mut void = 0;
    for one in shapes {
        for other in shapes {
            let world = other(one(World::new(), "P"), "Q").user("ana", "P Q");
            let (configuration, report) = (world.configuration(), world.lint());
            let compiled = Compiled::new(&configuration.directory, PermissionIndex::builtin());
            let ana = id(Kind::User, "ana").to_string();
            for (it, names) in [
                (ResourceType::User, ["Users.View", "Users.Edit"].as_slice()),
                (ResourceType::Queue, ["Queues.View"].as_slice()),
            ] {
                let restricts = configuration.directory.security_profiles.values().any(|profile| {
                    profile.tag_restricted_resources.iter().any(|name| name == it.as_str())
                        || (it == ResourceType::User && !profile.hierarchy_restricted_resources.is_empty())
                });
                let everything = names.iter().any(|name| {
                    let question = Question::new(Principal::User(&ana), name, it.as_str(), "*");
                    compiled.outcome(&question).unwrap().outcome == Outcome::Allowed
                });
                let is_reported = report.findings.iter().any(|finding| {
                    finding.rule.id == "restriction-void" && finding.member.ends_with(&format!("/{}", it.as_str()))
                });
                assert_eq!(is_reported, restricts && everything, "{it:?}: {:#?}", report.findings);
                void += usize::from(is_reported);
            }
        }
    }
    assert!(void > 5, "{void}");
}

#[test]
fn an_escalation_path_is_shown_step_by_step_and_no_step_is_denied() {
    let mut seen = 0;
    for (rule, fires, _) in cases::CASES.iter().filter(|(rule, ..)| rule.starts_with("escalation-")) {
        let report = fires().lint();
        for finding in report.findings.iter().filter(|finding| finding.rule.id == *rule) {
            assert!(!finding.steps.is_empty() && !finding.users.is_empty(), "{finding:#?}");
            assert!(finding.steps.iter().all(|step| step.outcome != Outcome::Denied), "{finding:#?}");
            seen += 1;
        }
    }
    assert!(seen >= 7, "{seen}");
}

#[test]
fn an_administrator_is_no_more_than_a_note() {
    let people = "Users.View Users.Edit Users.EditPermission Users.Create SecurityProfiles.View SecurityProfiles.Edit";
    let all = format!("{people} SecurityProfiles.Create CallRecordings.Unredacted.Access");
    let severities = |held: &str| -> Vec<Severity> {
        let world = World::new().profile("Admin", held).profile("Agent", "Users.View");
        let report = world.user("root", "Admin").user("ana", "Agent").lint();
        let paths = report.findings.iter().filter(|it| it.rule.id.starts_with("escalation-"));
        paths.map(|it| it.severity).collect()
    };
    let of_administrators = severities(&all);
    assert!(!of_administrators.is_empty());
    assert!(of_administrators.iter().all(|it| *it == Severity::Note), "{of_administrators:?}");
    // Nobody is stronger, and yet the path gives recordings.
    assert!(severities(people).contains(&Severity::Error));
}

/// The pages contradict each other on which permission assigns profiles (G2), so that only both together are certain.
#[test]
fn an_assignment_is_certain_only_with_both_permissions() {
    let path = |permissions: &str| {
        let world = World::new()
            .profile("Leads", &format!("Users.View SecurityProfiles.View {permissions}"))
            .profile("Power", "SecurityProfiles.Edit SecurityProfiles.View Users.View Queues.View")
            .user("ana", "Leads")
            .user("root", "Power");
        let report = world.lint();
        let finding = report.findings.iter().find(|it| it.rule.id == "escalation-by-assignment").cloned();
        finding.map(|it| {
            (it.severity, it.message.contains("G2"), it.steps.iter().map(|it| it.outcome).collect::<Vec<_>>())
        })
    };
    let (severity, is_doubted, steps) = path("Users.Edit Users.EditPermission").unwrap();
    assert_eq!((severity, is_doubted), (Severity::Error, false));
    assert!(steps.iter().all(|it| *it == Outcome::Allowed), "{steps:?}");
    for one in ["Users.Edit", "Users.EditPermission"] {
        let (severity, is_doubted, steps) = path(one).unwrap();
        assert_eq!((severity, is_doubted), (Severity::Warning, true), "{one}");
        assert_eq!(steps.get(1), Some(&Outcome::Undetermined), "{one}");
    }
    assert_eq!(path("Users.Delete"), None);
}
