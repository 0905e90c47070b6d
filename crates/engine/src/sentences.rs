//! An explanation in sentences: the reasons that decided the answer, what is missing, and the way to the resource.
//!
//! Invariants: names and values are [`shown`]. A reason is one line; lines of the way have at most [`WIDTH`] columns where
//! no single name is longer.

use lanyard_model::shown;

use crate::advice::{Advice, MissingSet};
use crate::explanation::{Explanation, Finding, ProfileReport, Report, Step};
use crate::reading::Outcome;
use crate::wording;

/// The columns of the way.
pub const WIDTH: usize = 80;

/// The reasons of the answer, one sentence each: only findings that decided it. `is_task` is whether the question is about
/// a task, so that each sentence names its permission.
#[must_use]
pub fn reasons(explanation: &Explanation, is_task: bool) -> Vec<String> {
    let answer = &explanation.answer;
    let mut reasons = Vec::new();
    reasons.extend(answer.denial.map(|denial| wording::denial(denial).to_owned()));
    reasons.extend(explanation.reasons.iter().map(wording::finding));
    let several = by_principal(&explanation.reports).count() > 1;
    for reports in by_principal(&explanation.reports) {
        let principal = reports.first().map_or("", |report| report.principal.as_str());
        let advice = explanation.advice.iter().find(|advice| advice.principal == principal);
        let matters = |report: &&Report| match answer.outcome {
            // A held permission with the wrong scope explains more than a permission that no profile has.
            Outcome::Denied if is_task => report.outcome == Outcome::Denied && is_held(report),
            Outcome::Denied => report.outcome != Outcome::Allowed,
            outcome => !is_task || report.outcome == outcome,
        };
        let reports: Vec<_> = reports.iter().filter(matters).collect();
        if is_task {
            reasons.extend(advice.map(|advice| self::advice(advice, profile_count(explanation, principal))));
            reasons.extend(of_task(&reports, several));
        } else {
            reasons.extend(reports.iter().flat_map(|report| of_report(report, several)));
            let count = profile_count(explanation, principal);
            let more = advice.filter(|advice| reports.first().is_none_or(|report| !is_plain(advice, report, count)));
            reasons.extend(more.map(|advice| self::advice(advice, count)));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    reasons.retain(|reason| seen.insert(reason.clone()));
    reasons
}

fn by_principal(reports: &[Report]) -> impl Iterator<Item = &[Report]> {
    reports.chunk_by(|one, other| one.principal == other.principal)
}

fn profile_count(explanation: &Explanation, principal: &str) -> usize {
    let report = explanation.reports.iter().find(|report| report.principal == principal);
    report.map_or(0, |report| report.profiles.len())
}

fn is_held(report: &Report) -> bool {
    let lacks = |finding: &Finding| matches!(finding, Finding::PermissionMissing { .. } | Finding::ToolMissing);
    report.profiles.iter().any(|profile| !profile.findings.iter().any(lacks))
}

/// Whether the advice is only to hold the permission of the question, in any profile: the finding of the profile reports
/// that already.
fn is_plain(advice: &Advice, report: &Report, count: usize) -> bool {
    let plain = |set: &MissingSet| set.permissions == [report.permission.as_str()] && set.profiles.len() == count;
    count > 0 && advice.sets.iter().any(plain)
}

/// The missing permissions of each principal to whom the access is denied, one sentence each.
#[must_use]
pub fn missing(explanation: &Explanation) -> Vec<String> {
    let count = |it: &Advice| profile_count(explanation, &it.principal);
    explanation.advice.iter().map(|it| advice(it, count(it))).collect()
}

/// The missing permissions in a sentence. `count` is how many profiles the principal has.
fn advice(advice: &Advice, count: usize) -> String {
    let mut groups: Vec<(String, Vec<&[String]>)> = Vec::new();
    for set in &advice.sets {
        let profiles = match set.profiles.as_slice() {
            _ if count == 0 => String::new(),
            [] => " in a profile that does not restrict access to it".to_owned(),
            some if some.len() == count => String::new(),
            some => {
                let names: Vec<_> = some.iter().map(|profile| format!("`{}`", shown(&profile.name))).collect();
                format!(" in the profile {}", names.join(" or "))
            }
        };
        match groups.iter_mut().find(|(known, _)| *known == profiles) {
            Some((_, sets)) => sets.push(&set.permissions),
            None => groups.push((profiles, vec![&set.permissions])),
        }
    }
    let clauses: Vec<_> = groups.iter().map(|(profiles, sets)| format!("{}{profiles}", any_of(sets))).collect();
    let a_profile = if count == 0 { "a security profile with " } else { "" };
    format!("`{}` would need {a_profile}{}", shown(&advice.principal), clauses.join(", or "))
}

/// Alternative sets of permissions in words: "one of `A` or `B`, and besides `C`".
fn any_of(sets: &[&[String]]) -> String {
    if let Some(groups) = product(sets) {
        let groups: Vec<_> = groups.iter().map(|names| one_of(names)).collect();
        return groups.join(", and besides ");
    }
    let (single, several): (Vec<&[String]>, Vec<&[String]>) = sets.iter().partition(|set| set.len() == 1);
    let single: Vec<&str> = single.iter().flat_map(|set| set.iter().map(String::as_str)).collect();
    let alternatives = (!single.is_empty()).then(|| one_of(&single)).into_iter();
    let several = several.iter().map(|set| set.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(" with "));
    alternatives.chain(several).collect::<Vec<_>>().join(", or ")
}

/// The groups of which the sets take one permission each, in every combination.
fn product<'a>(sets: &[&'a [String]]) -> Option<Vec<Vec<&'a str>>> {
    let first = sets.first()?;
    let mut groups: Vec<Vec<&'a str>> = Vec::new();
    for place in 0..first.len() {
        let differs = |set: &&&'a [String]| {
            set.len() == first.len()
                && set.iter().zip(*first).enumerate().all(|(at, (one, other))| at == place || one == other)
        };
        groups.push(sets.iter().filter(differs).filter_map(|set| set.get(place)).map(String::as_str).collect());
    }
    let is_one_each = |set: &&'a [String]| {
        set.len() == groups.len() && set.iter().zip(&groups).all(|(name, group)| group.contains(&name.as_str()))
    };
    let combinations: usize = groups.iter().map(Vec::len).product();
    (combinations == sets.len() && sets.iter().all(is_one_each)).then_some(groups)
}

fn quoted(name: &str) -> String {
    format!("`{}`", shown(name))
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("one of {} or {last}", others.join(", ")),
        _ => names.join(""),
    }
}

/// The findings on the permissions of a task: one sentence for each permission as stored.
fn of_task(reports: &[&Report], names_principal: bool) -> Vec<String> {
    let mut sentences = Vec::new();
    // The permissions of the task that one stored permission of a profile includes, with the scope.
    let mut lines: Vec<(String, String, &ProfileReport, Vec<&str>)> = Vec::new();
    for report in reports {
        let whose = whose(report, names_principal);
        sentences.extend(report.reasons.iter().map(|reason| format!("{whose}{}", wording::finding(reason))));
        let (named, leading) = deciding(report);
        for profile in named {
            if profile.findings == [Finding::Grants] && report.outcome == Outcome::Denied {
                // Something else is in the way, which the reasons name.
                continue;
            }
            let stored = profile.stored_permissions.first().unwrap_or(&report.permission).as_str();
            if profile.findings != [Finding::Grants] {
                let clause = wording::profile(profile, report, "it");
                sentences
                    .push(format!("{whose}{}", of_permission(subject(profile, leading, &clause), &report.permission)));
                continue;
            }
            let is_same = |(_, name, of, _): &&mut (String, String, &ProfileReport, Vec<&str>)| {
                *name == stored && (&of.id, &of.scope) == (&profile.id, &profile.scope)
            };
            let includes = (stored != report.permission).then_some(report.permission.as_str());
            match lines.iter_mut().find(is_same) {
                Some((.., included)) => included.extend(includes),
                None => lines.push((whose.clone(), stored.to_owned(), profile, includes.into_iter().collect())),
            }
        }
    }
    sentences.extend(lines.into_iter().map(|(whose, stored, profile, included)| {
        let names: Vec<_> = included.iter().map(|name| quoted(name)).collect();
        let includes =
            if names.is_empty() { String::new() } else { format!(", which includes {}", names.join(" and ")) };
        let limits = profile.scope.as_ref().map(|scope| format!(", on what is {}", wording::scope(scope)));
        let limits = limits.unwrap_or_default();
        format!("{whose}the profile {} grants {}{includes}{limits}", quoted(&profile.name), quoted(&stored))
    }));
    sentences
}

fn whose(report: &Report, names_principal: bool) -> String {
    if names_principal { format!("for {}, ", quoted(&report.principal)) } else { String::new() }
}

/// The profiles that grant a permission, or the one that comes closest; and how the latter is introduced.
fn deciding(report: &Report) -> (Vec<&ProfileReport>, Option<&'static str>) {
    let grants = |profile: &&ProfileReport| profile.findings == [Finding::Grants];
    let granting: Vec<_> = report.profiles.iter().filter(grants).collect();
    if !granting.is_empty() {
        return (granting, None);
    }
    if report.outcome == Outcome::Allowed {
        return (report.profiles.iter().collect(), None);
    }
    let which = if report.profiles.len() == 1 { "the only profile" } else { "the profile that comes closest" };
    (report.closest.and_then(|at| report.profiles.get(at)).into_iter().collect(), Some(which))
}

fn subject(profile: &ProfileReport, leading: Option<&str>, clause: &str) -> String {
    match leading {
        Some(which) => format!("{which}, {}, {clause}", quoted(&profile.name)),
        None => format!("the profile {} {clause}", quoted(&profile.name)),
    }
}

/// The profiles that grant one permission, or the one that comes closest.
fn of_report(report: &Report, names_principal: bool) -> Vec<String> {
    let whose = whose(report, names_principal);
    let reasons = report.reasons.iter().map(|reason| format!("{whose}{}", wording::finding(reason)));
    let (named, leading) = deciding(report);
    let profiles = named.into_iter().map(|profile| {
        let clause = wording::profile(profile, report, "it");
        format!("{whose}{}", subject(profile, leading, &clause))
    });
    reasons.chain(profiles).collect()
}

/// A sentence about one of several permissions.
fn of_permission(sentence: String, permission: &str) -> String {
    if sentence.contains(&*shown(permission).to_string()) {
        sentence
    } else {
        format!("{sentence} ({})", quoted(permission))
    }
}

/// The way from the principal to the resource, as lines of an indented tree. The steps that are not passed begin with
/// `missing:`, or with `open:` where the answer is undetermined.
#[must_use]
pub fn way(explanation: &Explanation, match_some: bool) -> Vec<String> {
    let mark = match explanation.answer.outcome {
        Outcome::Undetermined => "open: ",
        Outcome::Allowed | Outcome::Denied => "missing: ",
    };
    explanation.way.iter().flat_map(|step| wrap(&step_text(step, mark, match_some), step.depth * 2 + 2)).collect()
}

fn step_text(step: &Step, mark: &str, match_some: bool) -> String {
    let mark = if step.missing { mark } else { "" };
    let findings = || {
        let mut clauses: Vec<_> = step.findings.iter().map(|it| wording::within(it, step.scope.as_ref())).collect();
        clauses.dedup();
        clauses.join(" and ")
    };
    match (step.depth, step.step_type.as_str()) {
        (0, "AIAgent") => format!("AI agent {}", quoted(&step.name)),
        (0, _) => format!("user {}", quoted(&step.name)),
        (1, _) if step.findings.is_empty() && step.missing => format!("{mark}a security profile"),
        (1, _) if step.missing => format!("{mark}{}", findings()),
        (1, _) => format!("security profile {}", quoted(&step.name)),
        (_, "Permission") => {
            let names: Vec<_> = step.includes.iter().map(|name| quoted(name)).collect();
            let includes =
                if names.is_empty() { String::new() } else { format!(", which includes {}", names.join(" and ")) };
            format!("{mark}permission {}{includes}", quoted(&step.name))
        }
        (_, "Tool") => format!("{mark}{}", quoted(&step.name)),
        (_, "Restriction") if !step.findings.is_empty() => format!("{mark}{}", findings()),
        (_, "Restriction") => {
            format!("only what is {}", step.scope.as_ref().map(wording::scope).unwrap_or_default())
        }
        (_, "Instance") => "the instance".to_owned(),
        (_, it) if step.id == "*" && match_some => format!("some {}", shown(it)),
        (_, it) if step.id == "*" => format!("every {}", shown(it)),
        (_, it) => format!("{} {}", shown(it), quoted(&step.name)),
    }
}

/// A text in lines of at most [`WIDTH`] columns. Text within backticks is not broken; further lines are indented further.
#[must_use]
pub fn wrap(text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let mut is_empty = true;
    for word in words(text) {
        let width = columns(&line) + usize::from(!is_empty) + columns(word);
        if !is_empty && width > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 4)));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines
}

/// How many columns a text takes, without the sequences that colour it.
fn columns(text: &str) -> usize {
    let mut is_colour = false;
    let shows = |character: &char| {
        is_colour |= *character == '\u{1b}';
        let shows = !is_colour;
        is_colour &= *character != 'm';
        shows
    };
    text.chars().filter(shows).count()
}

/// The same of a line that has its indent in front.
#[must_use]
pub fn wrap_line(line: &str) -> Vec<String> {
    let text = line.trim_start();
    wrap(text, line.len() - text.len())
}

/// The parts of a text between the spaces that are not within backticks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |character: char| {
        is_quoted ^= character == '`';
        character == ' ' && !is_quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any(sets: &[&[&str]]) -> String {
        let sets: Vec<Vec<String>> =
            sets.iter().map(|set| set.iter().map(|name| (*name).to_owned()).collect()).collect();
        any_of(&sets.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn alternatives_are_grouped_where_every_combination_is_one() {
        assert_eq!(any(&[&["a"]]), "`a`");
        assert_eq!(any(&[&["a"], &["b"], &["c"]]), "one of `a`, `b` or `c`");
        let product: &[&[&str]] = &[&["a", "c"], &["a", "d"], &["b", "c"], &["b", "d"]];
        assert_eq!(any(product), "one of `a` or `b`, and besides one of `c` or `d`");
        assert_eq!(any(&[&["a"], &["b", "c"]]), "`a`, or `b` with `c`");
        assert_eq!(any(&[&["a", "c"], &["b", "d"]]), "`a` with `c`, or `b` with `d`");
    }

    #[test]
    fn lines_end_between_words_and_not_within_names() {
        let text = format!("{} `a name with spaces` and\u{1b}[1m colours\u{1b}[0m", "word ".repeat(14).trim());
        let lines = wrap(&text, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| columns(line) <= WIDTH));
        assert!(lines[1].starts_with("      `a name with spaces` and"), "{lines:?}");
        assert_eq!(wrap_line(&lines[0]), [lines[0].clone()]);
    }
}
