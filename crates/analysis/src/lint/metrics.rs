//! Rules about metrics, to which restrictions apply only in the profile that grants them.

use lanyard_model::catalogue::ResourceType;

use super::combinations::REPORTS;
use super::context::{Context, Gathered, Profile, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static OUTSIDE: Rule = Rule {
    id: "metrics-outside-restriction",
    title: "metrics granted by a profile other than the one that restricts",
    severity: Severity::Warning,
    source: Source::Inferred(page::DASHBOARD_TAGS),
    remedy: "give the metrics permission to the profile that restricts, and to no other",
};

pub(super) static RULES: &[&Rule] = &[&OUTSIDE];

/// The types in reports.
const SHOWN: [ResourceType; 3] = [ResourceType::User, ResourceType::Queue, ResourceType::RoutingProfile];

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut gathered = Gathered::default();
    for class in &cx.classes {
        for it in SHOWN {
            let shows =
                |other: &&Profile<'_>| other.leaves_free(it) && REPORTS.iter().any(|name| cx.holds(other, name));
            let showing: Vec<_> = cx.of(&class.profiles).filter(shows).map(|other| other.number).collect();
            if showing.is_empty() {
                continue;
            }
            for profile in cx.of(&class.profiles).filter(|profile| profile.restricts(it)) {
                gathered.note((profile.number, it), showing.iter().copied(), class);
            }
        }
    }
    for ((number, it), others, users) in gathered.each() {
        let Some(profile) = cx.profile(number) else { continue };
        let granted: Vec<_> =
            REPORTS.into_iter().filter(|name| cx.of(&others).any(|other| cx.holds(other, name))).collect();
        let message = format!(
            "the profile restricts {}, and {} {} {} from {}, which does not: reports show them all of it",
            it.as_str(),
            cx.people(&users),
            if users.len() == 1 { "has" } else { "have" },
            list(&granted),
            cx.profile_names(others.iter().copied()),
        );
        findings.push(cx.about(&OUTSIDE, profile, profile.restricting_member(it), message).with(cx, others).of(users));
    }
}
