//! Answers in words, for people. Everything is in the data already; this is the only place that words it.
//!
//! Invariants: names and values are [`shown`], so that a sentence is one line and has no invisible character.

use std::fmt::Write as _;

use lanyard_model::shown;

use crate::ask::Denial;
use crate::explain::{Explanation, Finding, ProfileReport, Report, Scope, Warning};
use crate::reading::{OpenPoint, Outcome};

/// A finding in words, as a clause whose subject is the profile or the principal.
#[must_use]
pub fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Grants => "grants it".to_owned(),
        Finding::PermissionMissing { permission } => format!("does not hold `{}`", shown(permission)),
        Finding::TagMismatch { missing } => {
            format!("only covers resources tagged {}, which is missing", pairs(missing))
        }
        Finding::RestrictionWithoutTags => "restricts the type by tag and names no tags (Q3)".to_owned(),
        Finding::OutsideHierarchy { group: Some(group) } => {
            format!("only covers the hierarchy group `{}` and those below, and the resource is outside", shown(group))
        }
        Finding::OutsideHierarchy { group: None } => {
            "only covers the principal's own hierarchy group and those below, and the resource is outside".to_owned()
        }
        Finding::PrincipalWithoutGroup => {
            "only covers the principal's own hierarchy group, and the principal has none (Q4)".to_owned()
        }
        Finding::ResourceWithoutGroup => "only covers a hierarchy group, and the resource is in none (Q5)".to_owned(),
        Finding::ViewMissing { permission } => format!("restricts the type without `{}` (Q6)", shown(permission)),
        Finding::OnlyInPart => "covers a part of the type only".to_owned(),
        Finding::RecordOutOfScope { attributes } => {
            format!("covers records with other values of {}", names(attributes))
        }
        Finding::RecordAttributeMissing { attributes } => {
            format!("covers records by {}, of which no value is known (Q7)", names(attributes))
        }
        Finding::ToolMissing => "does not list the tool".to_owned(),
        Finding::ToolUncertain { open_point } => {
            format!("lists the tool in a way that may not count ({})", open_point.name())
        }
        Finding::ModuleNotInvocable => "the flow module is not enabled for invocation as a tool".to_owned(),
        Finding::NoProfile => "the principal has no security profile".to_owned(),
        Finding::PanelMissing => {
            "a user opens applications in the contact control panel, which takes `BasicAgentAccess`".to_owned()
        }
        Finding::PrimaryValuesFixed => "a profile with a record rule forbids to change primary values".to_owned(),
        Finding::NotOneself => "the permission shows the principal's own data only".to_owned(),
        Finding::NotOwner => "the permission is for the principal's own resources only".to_owned(),
        Finding::ContactNotVisible => "the principal cannot see the contact".to_owned(),
        Finding::AssignedOutOfReach { resource_type, id, open_point: Some(point) } => {
            format!(
                "the {resource_type} `{}` that is assigned is outside the tags of the principal's profiles ({})",
                shown(id),
                point.name()
            )
        }
        Finding::AssignedOutOfReach { resource_type, id, open_point: None } => {
            format!(
                "no permission of the principal covers the {resource_type} `{}` that is assigned, within its hierarchy",
                shown(id)
            )
        }
        Finding::RestrictionsNotSeen => "was not seen with what it restricts (Unseen)".to_owned(),
        Finding::ToolsNotSeen => "was not seen with its applications, flow modules and AI agents (Unseen)".to_owned(),
        Finding::PermissionsNotSeen => "was not seen with all its permissions (Unseen)".to_owned(),
        Finding::ProfileNotSeen => "the principal has a security profile that was not seen (Unseen)".to_owned(),
        Finding::ResourceNotSeen => "the resource was not seen, and may exist (Unseen)".to_owned(),
        Finding::PrincipalNotSeen => "the principal was not seen, and may exist (Unseen)".to_owned(),
        Finding::PersonNotSeen => "the person whom the AI agent serves was not seen, and may exist (Unseen)".to_owned(),
        Finding::HumanNotNamed => "the AI agent was not said to serve a person or self-service (Q11)".to_owned(),
    }
}

/// The reason for a denial before any profile was evaluated.
#[must_use]
pub fn denial(denial: Denial) -> &'static str {
    match denial {
        Denial::PrincipalUnknown => "there is no such user or AI agent",
        Denial::PersonUnknown => "there is no such user for the AI agent to serve",
        Denial::UnknownAction => "Lanyard knows no permission, tool or task of this name",
        Denial::ResourceTypeUnknown => "there is no such type of resource",
        Denial::ActionDoesNotApply => "the action does not act on resources of this type",
        Denial::ResourceUnknown => "there is no such resource",
    }
}

/// An open point in words.
#[must_use]
pub fn open_point(point: OpenPoint) -> String {
    format!("{}: {}", point.name(), point.about())
}

/// A warning in words.
#[must_use]
pub fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::RestrictingPermission => {
            "this permission takes something away: allowed means that the restriction is on"
        }
        Warning::PermissionNotInCatalogue => "the catalogue does not have this permission",
        Warning::PermissionUnknown => "no security profile holds this permission",
    }
}

/// The scope to which a profile restricts a type.
#[must_use]
pub fn scope(scope: &Scope) -> String {
    let mut parts = Vec::new();
    match &scope.tags {
        Some(tags) if tags.is_empty() => parts.push("tagged in a way that is not said".to_owned()),
        Some(tags) => parts.push(format!("tagged {}", pairs(tags))),
        None => {}
    }
    if let Some(group) = &scope.hierarchy_group_id {
        parts.push(format!("in the hierarchy group `{}` or below", shown(group)));
    }
    if scope.own_hierarchy_group {
        parts.push("in the principal's own hierarchy group or below".to_owned());
    }
    for (attribute, values) in &scope.primary_values {
        parts.push(format!(
            "with {} as `{}`",
            values.iter().map(|it| format!("`{}`", shown(it))).collect::<Vec<_>>().join(" or "),
            shown(attribute)
        ));
    }
    parts.join(" and ")
}

/// The whole explanation, a line each.
#[must_use]
pub fn explanation(explanation: &Explanation) -> String {
    let answer = &explanation.answer;
    let mut text = match answer.outcome {
        Outcome::Undetermined => "undetermined: refused until an open point is settled\n".to_owned(),
        outcome => format!("{}\n", outcome.as_str()),
    };
    if let Some(reason) = answer.denial {
        let _ = writeln!(text, "  {}", denial(reason));
    }
    for reason in &explanation.reasons {
        let _ = writeln!(text, "  {}", finding(reason));
    }
    for report in &explanation.reports {
        write_report(&mut text, report);
    }
    for point in &answer.open_points {
        let _ = writeln!(text, "  open point {}", open_point(*point));
    }
    for it in &explanation.warnings {
        let _ = writeln!(text, "  note: {}", warning(*it));
    }
    text
}

fn write_report(text: &mut String, report: &Report) {
    let Report { principal, permission, outcome, .. } = report;
    let _ = writeln!(text, "  `{}` for `{}`: {}", shown(permission), shown(principal), outcome.as_str());
    for reason in &report.reasons {
        let _ = writeln!(text, "    {}", finding(reason));
    }
    for (at, profile) in report.profiles.iter().enumerate() {
        let closest = if report.closest == Some(at) && report.profiles.len() > 1 { " (closest)" } else { "" };
        let _ = writeln!(text, "    profile `{}`{closest} {}", shown(&profile.name), findings(profile));
    }
}

fn findings(report: &ProfileReport) -> String {
    let clauses: Vec<_> = report.findings.iter().map(finding).collect();
    match &report.scope {
        Some(limits) if report.findings == [Finding::Grants] => {
            format!("{}, on what is {}", clauses.join("; "), scope(limits))
        }
        _ => clauses.join("; "),
    }
}

fn pairs(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(key, value)| format!("`{}`=`{}`", shown(key), shown(value))).collect::<Vec<_>>().join(" and ")
}

fn names(names: &[String]) -> String {
    names.iter().map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(" and ")
}
