//! Rules about pages of the console that may show what a restriction hides.

use std::collections::BTreeSet;

use super::context::{Context, Profile, list};
use super::finding::Finding;
use super::rule::{Rule, Severity, Source, page};

static PAGES: Rule = Rule {
    id: "page-beside-restriction",
    title: "a permission for a page that may show unrestricted lists to a restricted user",
    severity: Severity::Warning,
    source: Source::Documented(page::TAGS),
    remedy: "take the permissions from the restricted users, or accept the lists on those pages",
};

pub(super) static RULES: &[&Rule] = &[&PAGES];

/// Pages that may show unrestricted lists to users restricted by tag, and to users restricted by hierarchy.
const LISTED: &[(&str, bool, bool)] = &[
    ("AgentGrouping.View", false, true),
    ("AgentTimeCard.View", true, true),
    ("Campaigns.View", true, false),
    ("ContactFlowModules.View", true, true),
    ("ContactFlows.View", true, false),
    ("ContactSearch.View", true, true),
    ("Forecasting.View", true, false),
    ("HistoricalChanges.View", true, false),
    ("HoursOfOperation.View", true, false),
    ("MetricsReports.View", true, true),
    ("Prompts.View", true, false),
    ("ReportsAdmin.View", true, true),
    ("Rules.View", true, true),
    ("Scheduling.View", true, true),
    ("TeamCalendar.View", true, false),
    ("TransferDestinations.View", true, false),
];

/// Pages on the same list that, according to newer documents, do apply tags.
const DOUBTED: &[&str] =
    &["AccessMetrics.AgentActivityAudit.Access", "AccessMetrics.Dashboards.Access", "AgentTimeCard.View"];

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    for by_tag in [true, false] {
        let listed: Vec<&str> = LISTED
            .iter()
            .filter(|(_, tag, hierarchy)| if by_tag { *tag } else { *hierarchy })
            .map(|(name, ..)| *name)
            .chain(DOUBTED.iter().copied().filter(|_| by_tag))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let wants = |profile: &Profile<'_>| {
            let (tags, types) = (&profile.source.allowed_access_control_tags, &profile.source.tag_restricted_resources);
            if by_tag { !tags.is_empty() && !types.is_empty() } else { profile.ranked }
        };
        let has = |profile: &Profile<'_>| listed.iter().any(|name| cx.holds(profile, name));
        for (number, holders, users) in cx.held_with(wants, has) {
            let Some(profile) = cx.profile(number) else { continue };
            let held: Vec<_> =
                listed.iter().copied().filter(|name| cx.of(&holders).any(|it| cx.holds(it, name))).collect();
            let others: Vec<_> = holders.iter().copied().filter(|other| *other != number).collect();
            let origin = match (holders.contains(&number), others.is_empty()) {
                (true, true) => String::new(),
                (true, false) => format!(" from it and from {}", cx.profile_names(others.iter().copied())),
                (false, _) => format!(" from {}", cx.profile_names(others.iter().copied())),
            };
            let (how, member) =
                if by_tag { ("tag", "TagRestrictedResources") } else { ("hierarchy", "HierarchyRestrictedResources") };
            let message = format!(
                "the profile restricts by {how}, and its holders have {}{origin}: these pages may show lists that the \
                 restriction does not apply to",
                list(&held)
            );
            let finding = cx.about(&PAGES, profile, member, message).with(cx, others).of(users);
            let doubted = held.iter().all(|name| DOUBTED.contains(name));
            findings.push(if doubted { finding.only(Severity::Note) } else { finding });
        }
    }
}
