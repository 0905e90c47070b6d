//! Every rule has a configuration on which it fires, and a similar one on which it does not.

mod cases;
mod engine;
mod world;

use std::collections::BTreeSet;

use super::{find_rule, rules};
use world::World;

/// A rule, a configuration on which it fires, and a similar one on which it does not.
type Case = (&'static str, fn() -> World, fn() -> World);

fn fired(world: &World) -> BTreeSet<&'static str> {
    world.lint().findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn every_rule_fires_on_its_case_and_not_on_a_similar_one() {
    for (rule, fires, near) in cases::CASES {
        let (fires, near) = (fires(), near());
        assert!(fired(&fires).contains(rule), "{rule} did not fire: {:#?}", fires.lint().findings);
        let wrong: Vec<_> = near.lint().findings.into_iter().filter(|it| it.rule.id == *rule).collect();
        assert!(wrong.is_empty(), "{rule} fired where it should not: {wrong:#?}");
    }
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let tried: BTreeSet<_> = cases::CASES.iter().map(|(rule, ..)| *rule).collect();
    let all: BTreeSet<_> = rules().map(|rule| rule.id).filter(|id| !id.starts_with("suppression-")).collect();
    assert_eq!(tried, all);
}

#[test]
fn rules_are_well_formed() {
    let ids: Vec<_> = rules().map(|rule| rule.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an identifier is there twice");
    for rule in rules() {
        assert!(rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.id);
        assert_eq!(find_rule(rule.id), Some(rule));
        assert!(rule.source.page().is_none_or(|page| page.starts_with("https://docs.aws.amazon.com/")), "{}", rule.id);
        for text in [rule.title, rule.remedy] {
            assert!(!text.ends_with('.') && !text.is_empty() && !text.contains("  "), "{}: {text}", rule.id);
        }
    }
}

#[test]
fn a_finding_has_a_message_and_at_most_the_severity_of_its_rule() {
    for (_, fires, near) in cases::CASES {
        for finding in fires().lint().findings.into_iter().chain(near().lint().findings) {
            assert!(finding.severity <= finding.rule.severity, "{finding:#?}");
            assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{finding:#?}");
            assert!(!finding.message.contains("  ") && !finding.message.contains("``"), "{finding:#?}");
        }
    }
}

#[test]
fn findings_have_distinct_identities() {
    for (_, fires, _) in cases::CASES {
        let findings = fires().lint().findings;
        let all: BTreeSet<_> = findings.iter().map(super::Finding::identity).collect();
        assert_eq!(all.len(), findings.len(), "{findings:#?}");
    }
}

#[test]
fn the_documents_list_every_rule() {
    let document = include_str!("../../../../../docs/lint.md");
    assert!(document.contains(&super::table()), "docs/lint.md should have this table:\n{}", super::table());
}

#[test]
fn a_suppression_covers_its_findings_until_its_last_day() {
    use super::{Suppression, suppress};
    let world = World::new().tagged("P", "Queues.View", "Queue", "a=b").profile("Q", "Queues.View").user("ana", "P Q");
    let suppression = |subject: &str, with: Option<&str>, until: i64| Suppression {
        rule: "restriction-void".to_owned(),
        kind: lanyard_model::Kind::SecurityProfile,
        subject: subject.to_owned(),
        with: with.map(|name| vec![name.to_owned()]),
        reason: "known".to_owned(),
        until,
        until_text: until.to_string(),
        place: crate::Place { file: "f".into(), line: 1, column: 1 },
    };
    let left = |suppressions: &[Suppression]| {
        let (kept, suppressed) = suppress(world.lint().findings, suppressions, 10);
        let kept: BTreeSet<_> = kept.iter().map(|it| it.rule.id).collect();
        (
            kept.contains("restriction-void"),
            kept.contains("suppression-expired"),
            kept.contains("suppression-unmatched"),
            suppressed.len(),
        )
    };
    assert_eq!(left(&[]), (true, false, false, 0));
    assert_eq!(left(&[suppression("P", None, 10)]), (false, false, false, 1));
    assert_eq!(left(&[suppression("P", None, 9)]), (true, true, false, 0));
    assert_eq!(left(&[suppression("Q", None, 10)]), (true, false, true, 0));
    assert_eq!(left(&[suppression("P", Some("Q"), 10)]), (false, false, false, 1));
    assert_eq!(left(&[suppression("P", Some("R"), 10)]), (true, false, true, 0));
    assert_eq!(left(&[suppression("P", None, 10), suppression("P", Some("Q"), 10)]), (false, false, false, 1));
}
