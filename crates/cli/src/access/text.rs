//! Answers in sentences, with names in place of identifiers.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use lanyard_engine::tasks::Formula;
use lanyard_engine::{Answer, Explanation, Finding, OpenPoint, Outcome, ProfileReport, Report, wording};
use lanyard_model::catalogue::PermissionNames;
use lanyard_model::shown;

use super::OutputArgs;
use super::names::{Names, StoredNames, Subject, is_instance};
use super::question::OwnedQuestion;
use super::remedy::remedy;
use crate::output::is_coloured;

/// A word in the colour of an outcome, where standard output is coloured.
pub(crate) fn coloured(outcome: Outcome, word: &str) -> String {
    if !is_coloured(&std::io::stdout()) {
        return word.to_owned();
    }
    let colour = match outcome {
        Outcome::Allowed => AnsiColor::Green,
        Outcome::Denied => AnsiColor::Red,
        Outcome::Undetermined => AnsiColor::Yellow,
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    format!("{style}{word}{style:#}")
}

/// The first line of an answer.
pub(crate) fn headline(names: &Names<'_>, question: &OwnedQuestion, answer: &Answer, output: &OutputArgs) -> String {
    let outcome = answer.outcome;
    let who = format!("`{}`", shown(&subject(names, &question.subject)));
    let what = what(names, question, output.permission_names.get());
    let counts = output.counts(outcome);
    let word = coloured(counts, counts.as_str());
    match (outcome, output.reading) {
        (Outcome::Allowed, _) => format!("{word}: {who} may {what}"),
        (Outcome::Denied, _) => format!("{word}: {who} may not {what}"),
        (Outcome::Undetermined, None) if answer.open_points == [OpenPoint::Unseen] => {
            format!("{word}: too little was seen to say whether {who} may {what}; until more is, the answer is no")
        }
        (Outcome::Undetermined, None) => {
            format!(
                "{word}: Amazon Connect's documents leave open whether {who} may {what}; until then the answer is no"
            )
        }
        (Outcome::Undetermined, Some(reading)) => {
            format!("{word} in the {} reading: whether {who} may {what} is undetermined", reading.as_str())
        }
    }
}

/// The principal, by name.
pub(crate) fn subject(names: &Names<'_>, subject: &Subject) -> String {
    match (subject, names.stored) {
        (Subject::User(id), Some(stored)) => stored.name_of("User", id),
        (subject, _) => subject.id().to_owned(),
    }
}

/// The action and its resource.
pub(crate) fn what(names: &Names<'_>, question: &OwnedQuestion, permissions: PermissionNames) -> String {
    let action = match names.task(&question.action) {
        Some(task) => shown(task.title).to_string(),
        None => format!("do `{}`", shown(&permissions.name(names.catalogue, &question.action))),
    };
    let it = &question.resource_type;
    let of_type = shown(it);
    if is_instance(it) {
        return action;
    }
    match (question.id.as_str(), question.match_some) {
        ("*", true) => format!("{action} on some {of_type}"),
        ("*", false) => format!("{action} on every {of_type}"),
        (id, _) => {
            let name = names.stored.map_or_else(|| id.to_owned(), |stored| stored.name_of(it, id));
            format!("{action} on the {of_type} `{}`", shown(&name))
        }
    }
}

/// The explanation with names in place of identifiers.
pub(crate) fn readable(stored: Option<StoredNames<'_>>, explanation: &Explanation) -> Explanation {
    let mut readable = explanation.clone();
    let Some(stored) = stored else { return readable };
    readable.reasons.iter_mut().for_each(|reason| name_finding(stored, reason));
    for report in &mut readable.reports {
        report.principal = stored.name_of("User", &report.principal);
        report.reasons.iter_mut().for_each(|reason| name_finding(stored, reason));
        for profile in &mut report.profiles {
            profile.findings.iter_mut().for_each(|finding| name_finding(stored, finding));
            let group = profile.scope.as_mut().and_then(|scope| scope.hierarchy_group_id.as_mut());
            if let Some(group) = group {
                *group = stored.name_of("HierarchyGroup", group);
            }
        }
    }
    readable
}

fn name_finding(stored: StoredNames<'_>, finding: &mut Finding) {
    match finding {
        Finding::OutsideHierarchy { group: Some(group) } => *group = stored.name_of("HierarchyGroup", group),
        Finding::AssignedOutOfReach { resource_type, id, .. } => *id = stored.name_of(resource_type, id),
        _ => {}
    }
}

/// The reasons of the answer, one sentence each: only findings that decided it.
pub(crate) fn reasons(names: &Names<'_>, question: &OwnedQuestion, explanation: &Explanation) -> Vec<String> {
    let answer = &explanation.answer;
    let mut reasons = Vec::new();
    reasons.extend(answer.denial.map(|denial| wording::denial(denial).to_owned()));
    reasons.extend(explanation.reasons.iter().map(wording::finding));
    let several = by_principal(&explanation.reports).count() > 1;
    match (answer.outcome, names.task(&question.action)) {
        (Outcome::Denied, Some(task)) => {
            for reports in by_principal(&explanation.reports) {
                let granted = |name: &str| {
                    let report = reports.iter().find(|report| report.permission == name);
                    report.is_some_and(|report| report.outcome != Outcome::Denied)
                };
                reasons.extend(unmet(&task.formula, &granted).map(|missing| match reports.first() {
                    Some(report) => format!("`{}` would need {missing}", shown(&report.principal)),
                    None => format!("it takes {missing}"),
                }));
            }
            // A held permission with the wrong scope explains more than a permission that no profile has.
            let held = explanation.reports.iter().filter(|report| report.outcome == Outcome::Denied && is_held(report));
            reasons.extend(held.flat_map(|report| of_report(report, true, several)));
        }
        (outcome, task) => {
            let matters = |report: &&Report| match outcome {
                Outcome::Denied => report.outcome != Outcome::Allowed,
                outcome => task.is_none() || report.outcome == outcome,
            };
            let reports = explanation.reports.iter().filter(matters);
            reasons.extend(reports.flat_map(|report| of_report(report, task.is_some(), several)));
        }
    }
    reasons
}

fn by_principal(reports: &[Report]) -> impl Iterator<Item = &[Report]> {
    reports.chunk_by(|one, other| one.principal == other.principal)
}

fn is_held(report: &Report) -> bool {
    let lacks = |finding: &Finding| matches!(finding, Finding::PermissionMissing { .. } | Finding::ToolMissing);
    report.profiles.iter().any(|profile| !profile.findings.iter().any(lacks))
}

/// The parts of a formula that nothing grants, in words; `None` when all is granted.
fn unmet(formula: &Formula, granted: &impl Fn(&str) -> bool) -> Option<String> {
    match formula {
        Formula::Permission(name) | Formula::New(name) => (!granted(name)).then(|| format!("`{}`", shown(name))),
        Formula::AllOf(parts) => {
            let unmet: Vec<_> = parts.iter().filter_map(|part| unmet(part, granted)).collect();
            (!unmet.is_empty()).then(|| unmet.join(", and besides "))
        }
        // A denial holds in the lenient reading too, in which any part is enough.
        Formula::AnyOf(parts) | Formula::Disputed(_, parts) => {
            let unmet: Option<Vec<_>> = parts.iter().map(|part| unmet(part, granted)).collect();
            unmet.map(|parts| match parts.split_last() {
                Some((last, others)) if !others.is_empty() => format!("one of {} or {last}", others.join(", ")),
                _ => parts.join(""),
            })
        }
    }
}

/// The profiles that grant one permission, or the one that comes closest.
fn of_report(report: &Report, names_permission: bool, names_principal: bool) -> Vec<String> {
    let whose = if names_principal { format!("for `{}`, ", shown(&report.principal)) } else { String::new() };
    let what = names_permission.then_some(report.permission.as_str());
    let mut reasons: Vec<_> = report
        .reasons
        .iter()
        .map(|reason| format!("{whose}{}", of_permission(wording::finding(reason), what)))
        .collect();
    let grants = |profile: &&ProfileReport| profile.findings == [Finding::Grants];
    let granting: Vec<_> = report.profiles.iter().filter(grants).collect();
    if report.outcome == Outcome::Allowed || !granting.is_empty() {
        let named: Vec<_> = if granting.is_empty() { report.profiles.iter().collect() } else { granting };
        reasons.extend(
            named
                .into_iter()
                .map(|profile| format!("{whose}the profile `{}` {}", shown(&profile.name), of_profile(profile, what))),
        );
        return reasons;
    }
    let closest = report.closest.and_then(|at| report.profiles.get(at));
    reasons.extend(closest.map(|profile| {
        let which = if report.profiles.len() == 1 { "the only profile" } else { "the profile that comes closest" };
        format!("{whose}{which}, `{}`, {}", shown(&profile.name), of_profile(profile, what))
    }));
    reasons
}

/// A sentence about one of several permissions.
fn of_permission(sentence: String, permission: Option<&str>) -> String {
    match permission {
        Some(permission) if !sentence.contains(permission) => format!("{sentence} (`{}`)", shown(permission)),
        _ => sentence,
    }
}

fn of_profile(profile: &ProfileReport, permission: Option<&str>) -> String {
    if profile.findings == [Finding::Grants] {
        let it = permission.map_or_else(|| "it".to_owned(), |permission| format!("`{}`", shown(permission)));
        let scope = profile.scope.as_ref();
        let limits = scope.map(|scope| format!(", on what is {}", wording::scope(scope))).unwrap_or_default();
        return format!("grants {it}{limits}");
    }
    let findings: Vec<_> = profile.findings.iter().map(wording::finding).collect();
    of_permission(findings.join(" and "), permission)
}

/// Two lines for each open point: its question, and the way to settle it.
pub(crate) fn open_points(text: &mut String, points: &[OpenPoint], question: &OwnedQuestion) {
    for point in points {
        let _ = writeln!(text, "  open point {}", wording::open_point(*point));
        let or = if *point == OpenPoint::Unseen { "" } else { "; or try it once on the service itself" };
        let _ = writeln!(text, "    to be certain: {}{or}", remedy(*point, question));
    }
}

/// A count and its noun.
pub(crate) fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}
