//! The way from a principal to a resource, as a tree of steps: principal, profile, permission as stored, restriction,
//! resource. Where the access is not granted, it is the nearest way, and the steps that are not passed are marked.

use crate::explanation::{Explanation, Finding, ProfileReport, Report, Scope, Step};
use crate::question::{Principal, Question};
use crate::reading::Outcome;
use crate::tasks::{self, Formula};

/// The steps. `is_new` is whether the resource may be one that does not exist yet; `username` returns the name of a user.
pub(crate) fn way(
    question: &Question<'_>,
    is_new: bool,
    explanation: &Explanation,
    username: impl Fn(&str) -> Option<String>,
) -> Vec<Step> {
    let task = question.action.strip_prefix(tasks::PREFIX).and_then(tasks::find);
    let mut steps = Vec::new();
    for reports in explanation.reports.chunk_by(|one, other| one.principal == other.principal) {
        let principal = reports.first().map(|report| report.principal.clone()).unwrap_or_default();
        let is_agent = steps.is_empty() && matches!(question.principal, Principal::AiAgent(_));
        let principal_type = if is_agent { "AIAgent" } else { "User" };
        steps.push(Step {
            name: username(&principal).unwrap_or_else(|| principal.clone()),
            ..step(0, principal_type, &principal)
        });
        let chosen = match task {
            Some(task) => {
                let advice = explanation.advice.iter().find(|advice| advice.principal == principal);
                let missing = advice.and_then(|advice| advice.sets.first()).map_or(&[][..], |set| &set.permissions);
                Parts { reports, missing, is_new }.nearest(&task.formula)
            }
            None => reports.iter().collect(),
        };
        let lines = lines(&chosen);
        write(&mut steps, question, &lines);
    }
    steps
}

fn step(depth: usize, step_type: &str, id: &str) -> Step {
    Step { depth, step_type: step_type.to_owned(), id: id.to_owned(), name: id.to_owned(), ..Step::default() }
}

/// The reports of a task's permissions.
struct Parts<'a> {
    reports: &'a [Report],
    /// Permissions that would grant the task.
    missing: &'a [String],
    is_new: bool,
}

impl<'a> Parts<'a> {
    fn report(&self, name: &str) -> Option<&'a Report> {
        self.reports.iter().find(|report| report.permission == name)
    }

    /// The reports of the parts that grant a formula, or of those that are nearest to it.
    fn nearest(&self, formula: &Formula) -> Vec<&'a Report> {
        match formula {
            Formula::Permission(name) | Formula::New(name) => self.report(name).into_iter().collect(),
            Formula::AllOf(parts) | Formula::Disputed(_, parts) => {
                parts.iter().flat_map(|part| self.nearest(part)).collect()
            }
            Formula::AnyOf(parts) => {
                let Some(least) = parts.iter().map(|part| self.distance(part)).min() else { return Vec::new() };
                let nearest = parts.iter().filter(|part| self.distance(part) == least);
                // Each part that grants is a way; of those that do not, one is enough.
                nearest.take(if least == 0 { usize::MAX } else { 1 }).flat_map(|part| self.nearest(part)).collect()
            }
        }
    }

    /// How far a formula is from being granted: 0 for one that is.
    fn distance(&self, formula: &Formula) -> usize {
        match formula {
            Formula::New(_) if !self.is_new => usize::MAX,
            Formula::Permission(name) | Formula::New(name) => match self.report(name) {
                None => usize::MAX,
                Some(report) => match report.outcome {
                    Outcome::Allowed => 0,
                    Outcome::Undetermined => 1,
                    Outcome::Denied if self.missing.contains(&report.permission) => 2,
                    Outcome::Denied if report.profiles.iter().any(holds) => 3,
                    Outcome::Denied => 10,
                },
            },
            Formula::AllOf(parts) | Formula::Disputed(_, parts) => {
                parts.iter().fold(0, |sum: usize, part| sum.saturating_add(self.distance(part)))
            }
            Formula::AnyOf(parts) => parts.iter().map(|part| self.distance(part)).min().unwrap_or(usize::MAX),
        }
    }
}

fn holds(profile: &ProfileReport) -> bool {
    !profile.findings.iter().any(is_of_line)
}

/// Whether a finding is about the line of the profile itself, not about its restrictions.
fn is_of_line(finding: &Finding) -> bool {
    matches!(
        finding,
        Finding::PermissionMissing { .. }
            | Finding::PermissionsNotSeen
            | Finding::ToolMissing
            | Finding::ToolsNotSeen
            | Finding::ToolUncertain { .. }
    )
}

/// A line of a profile, and the obstacles on it and behind it.
#[derive(PartialEq, Eq)]
struct Line<'a> {
    profile: Option<(&'a str, &'a str)>,
    /// The permission as stored.
    stored: &'a str,
    /// The permissions of the question that it includes.
    includes: Vec<&'a str>,
    missing: Vec<&'a Finding>,
    /// The View permission that the profile lacks.
    view_missing: Vec<&'a Finding>,
    scope: Option<&'a Scope>,
    out_of_scope: Vec<&'a Finding>,
    /// The obstacles that no profile removes.
    reasons: Vec<&'a Finding>,
}

/// The lines of the profiles that grant what is reported; of a report that is not granted, those of the profile that
/// comes closest.
fn lines<'a>(reports: &[&'a Report]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    for report in reports {
        let granted = report.outcome == Outcome::Allowed;
        let grants = |profile: &&ProfileReport| profile.findings == [Finding::Grants];
        let mut profiles: Vec<_> = report.profiles.iter().filter(grants).collect();
        if profiles.is_empty() && granted {
            // Several profiles grant it together.
            profiles = report.profiles.iter().filter(|profile| holds(profile)).collect();
        } else if profiles.is_empty() {
            profiles = report.closest.and_then(|at| report.profiles.get(at)).into_iter().collect();
        }
        // An obstacle that was shown is not shown again.
        let is_shown = |lines: &[Line<'a>], reason: &Finding| lines.iter().any(|line| line.reasons.contains(&reason));
        let reasons = |lines: &[Line<'a>]| -> Vec<&'a Finding> {
            let all = if granted { [].iter() } else { report.reasons.iter() };
            all.filter(|reason| !is_shown(lines, reason)).collect()
        };
        if profiles.is_empty() {
            let reasons = reasons(&lines);
            lines.push(Line { missing: reasons, ..Line::of(None, &report.permission) });
        }
        for profile in profiles {
            let findings = || profile.findings.iter().filter(|finding| !granted && **finding != Finding::Grants);
            let is_view = |finding: &&Finding| matches!(finding, Finding::ViewMissing { .. });
            let stored: Vec<&str> = match profile.stored_permissions.as_slice() {
                [] => vec![&report.permission],
                stored => stored.iter().map(String::as_str).collect(),
            };
            for name in stored {
                let line = Line {
                    includes: (name != report.permission).then_some(report.permission.as_str()).into_iter().collect(),
                    missing: findings().filter(|finding| is_of_line(finding)).collect(),
                    view_missing: findings().filter(is_view).collect(),
                    scope: profile.scope.as_ref(),
                    out_of_scope: findings().filter(|it| !is_of_line(it) && !is_view(it)).collect(),
                    reasons: reasons(&lines),
                    ..Line::of(Some((&profile.id, &profile.name)), name)
                };
                add(&mut lines, line);
            }
        }
    }
    lines
}

impl<'a> Line<'a> {
    fn of(profile: Option<(&'a str, &'a str)>, stored: &'a str) -> Self {
        let (includes, missing, view_missing) = (Vec::new(), Vec::new(), Vec::new());
        let (scope, out_of_scope, reasons) = (None, Vec::new(), Vec::new());
        Self { profile, stored, includes, missing, view_missing, scope, out_of_scope, reasons }
    }
}

/// Adds a line, or the permission that it includes to a line that is the same otherwise.
fn add<'a>(lines: &mut Vec<Line<'a>>, line: Line<'a>) {
    let same = |other: &&mut Line<'a>| {
        (other.profile, other.stored, other.scope) == (line.profile, line.stored, line.scope)
            && (&other.missing, &other.out_of_scope) == (&line.missing, &line.out_of_scope)
    };
    match lines.iter_mut().find(same) {
        Some(other) => {
            let new = line.includes.into_iter().filter(|name| !other.includes.contains(name)).collect::<Vec<_>>();
            other.includes.extend(new);
            other.reasons.extend(line.reasons);
        }
        None => lines.push(line),
    }
}

/// Writes the lines, those of a profile together.
fn write(steps: &mut Vec<Step>, question: &Question<'_>, lines: &[Line<'_>]) {
    let mut profiles: Vec<Option<(&str, &str)>> = Vec::new();
    for line in lines {
        if !profiles.contains(&line.profile) {
            profiles.push(line.profile);
        }
    }
    for profile in profiles {
        match profile {
            Some((id, name)) => steps.push(Step { name: name.to_owned(), ..step(1, "SecurityProfile", id) }),
            None => {
                let of_none = lines.iter().filter(|line| line.profile.is_none()).flat_map(|line| &line.missing);
                let findings = of_none.map(|finding| (*finding).clone()).collect();
                steps.push(Step { findings, missing: true, ..step(1, "SecurityProfile", "") });
            }
        }
        lines.iter().filter(|line| line.profile == profile).for_each(|line| write_line(steps, question, line));
    }
}

fn write_line(steps: &mut Vec<Step>, question: &Question<'_>, line: &Line<'_>) {
    let cloned = |findings: &[&Finding]| -> Vec<Finding> { findings.iter().map(|it| (*it).clone()).collect() };
    let resource = &question.resource;
    let is_tool = matches!(resource.resource_type, "ThirdPartyApplication" | "McpServer" | "AIAgent")
        || question.action == "Invoke";
    let of_line = Step {
        includes: line.includes.iter().map(|name| (*name).to_owned()).collect(),
        findings: if line.profile.is_some() { cloned(&line.missing) } else { Vec::new() },
        missing: !line.missing.is_empty() || line.profile.is_none(),
        ..step(2, if is_tool { "Tool" } else { "Permission" }, line.stored)
    };
    steps.push(of_line);
    let mut depth = 3;
    for finding in &line.view_missing {
        if let Finding::ViewMissing { permission } = finding {
            steps.push(Step {
                missing: true,
                findings: vec![(*finding).clone()],
                ..step(depth, "Permission", permission)
            });
            depth += 1;
        }
    }
    if line.scope.is_some() || !line.out_of_scope.is_empty() {
        let findings = cloned(&line.out_of_scope);
        let missing = !findings.is_empty();
        steps.push(Step { scope: line.scope.cloned(), findings, missing, ..step(depth, "Restriction", "") });
        depth += 1;
    }
    for reason in &line.reasons {
        let findings = vec![(*reason).clone()];
        steps.push(Step { findings, missing: true, ..step(depth, "Restriction", "") });
        depth += 1;
    }
    steps.push(step(depth, resource.resource_type, resource.id));
}
