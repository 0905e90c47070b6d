//! Answers in words, for people. Everything is in the data already; this is the only place that words it.
//!
//! Invariants: names and values are [`shown`], so that a sentence is one line and has no invisible character.

use std::fmt::Write as _;

use lanyard_model::shown;

use crate::advice::ProfileName;
use crate::ask::Denial;
use crate::contact_limit::{ContactAgent, ContactLimit};
use crate::explanation::{Explanation, Finding, ProfileReport, Report, Scope, Step, Warning};
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
        Finding::PanelMissing { permission } => {
            format!("a user opens applications in the contact control panel, which takes `{}`", shown(permission))
        }
        Finding::PrimaryValuesFixed => "a profile with a record rule forbids to change primary values".to_owned(),
        Finding::NotOneself => "the permission shows the principal's own data only".to_owned(),
        Finding::NotOwner => "the permission is for the principal's own resources only".to_owned(),
        Finding::ContactNotVisible { why: None } => "the principal cannot see the contact".to_owned(),
        Finding::ContactNotVisible { why: Some(why) } => contact_limit(why),
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
        Finding::OtherRestrictions { profiles } if profiles.is_empty() => {
            "a security profile that was not seen may restrict it (Unseen)".to_owned()
        }
        Finding::OtherRestrictions { profiles } => {
            format!("the restrictions{} bind too", of_profiles(profiles))
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

/// Why a contact is not visible.
fn contact_limit(limit: &ContactLimit) -> String {
    let cannot = |every: &bool| match every {
        true => "the principal cannot see every contact",
        false => "the principal cannot see the contact",
    };
    match limit {
        ContactLimit::NoPermission { permissions } => {
            let permissions: Vec<_> = permissions.iter().map(|name| format!("`{}`", shown(name))).collect();
            format!("{}: no profile of the principal holds {}", cannot(&false), permissions.join(" or "))
        }
        ContactLimit::OwnOnly { permission, profiles, agent, every } => {
            let of = of_profiles(profiles);
            let own = format!("`{}`{of} shows only the principal's own contacts", shown(permission));
            format!("{}: {own}, and {}", cannot(every), contact(agent.as_ref(), *every, false))
        }
        ContactLimit::ByHierarchy { profiles, every, .. } if profiles.is_empty() => {
            format!("{}: a security profile that was not seen may limit contacts by hierarchy (Unseen)", cannot(every))
        }
        ContactLimit::ByHierarchy { permission, profiles, group, agent, every } => {
            let by = format!("`{}`{} limits contacts", shown(permission), of_profiles(profiles));
            match group {
                Some(group) => format!(
                    "{}: {by} to those of the principal's own hierarchy group `{}` and below, and {}",
                    cannot(every),
                    shown(group),
                    contact(agent.as_ref(), *every, true)
                ),
                None => format!(
                    "{}: {by} to those of the principal's own hierarchy group, and the principal has none (Q4)",
                    cannot(every)
                ),
            }
        }
    }
}

fn of_profiles(profiles: &[ProfileName]) -> String {
    let names: Vec<_> = profiles.iter().map(|profile| format!("`{}`", shown(&profile.name))).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!(" of the profile {one}"),
        several => format!(" of the profiles {}", several.join(" and ")),
    }
}

/// Whose contact it is.
fn contact(agent: Option<&ContactAgent>, every: bool, by_group: bool) -> String {
    if every {
        return "the question is about every one".to_owned();
    }
    let open = if by_group { " (Q5)" } else { "" };
    match agent {
        None => format!("the contact has no agent who is a user of the instance{open}"),
        Some(ContactAgent { name, .. }) if !by_group => format!("the contact's agent is `{}`", shown(name)),
        Some(ContactAgent { name, group: Some(group), .. }) => {
            format!("the contact's agent `{}` is in the group `{}`", shown(name), shown(group))
        }
        Some(ContactAgent { name, group: None, .. }) => {
            format!("the contact's agent `{}` is in no group{open}", shown(name))
        }
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
    if !scope.primary_values.is_empty() {
        parts.push(record_values(scope));
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
    text.push_str(&reports(explanation, false));
    for point in &answer.open_points {
        let _ = writeln!(text, "  open point {}", open_point(*point));
    }
    for it in &explanation.warnings {
        let _ = writeln!(text, "  note: {}", warning(*it));
    }
    text
}

/// The effect of every profile, a line each, and the obstacles that no profile removes. The permissions of a task that no
/// profile holds are one line for each principal. `beyond_way` leaves out what the way shows.
#[must_use]
pub fn reports(explanation: &Explanation, beyond_way: bool) -> String {
    let way = if beyond_way { explanation.way.as_slice() } else { &[] };
    let mut text = String::new();
    for reports in explanation.reports.chunk_by(|one, other| one.principal == other.principal) {
        let is_missing = |report: &&Report| {
            let lacks = |it: &ProfileReport| matches!(it.findings.as_slice(), [Finding::PermissionMissing { .. }]);
            reports.len() > 1 && report.outcome == Outcome::Denied && report.profiles.iter().all(lacks)
        };
        let (missing, others): (Vec<_>, Vec<_>) = reports.iter().partition(is_missing);
        others.into_iter().for_each(|report| write_report(&mut text, report, way));
        if let [first, ..] = missing.as_slice() {
            let permissions: Vec<_> = missing.iter().map(|it| format!("`{}`", shown(&it.permission))).collect();
            let _ = writeln!(text, "  no profile of `{}` holds {}", shown(&first.principal), permissions.join(", "));
        }
    }
    text
}

fn write_report(text: &mut String, report: &Report, way: &[Step]) {
    let Report { principal, permission, outcome, .. } = report;
    let profiles = report.profiles.iter().enumerate();
    let profiles: Vec<_> = profiles.filter(|(_, profile)| !is_on_way(way, report, profile)).collect();
    if profiles.is_empty() && !way.is_empty() {
        return;
    }
    let _ = writeln!(text, "  `{}` for `{}`: {}", shown(permission), shown(principal), outcome.as_str());
    for reason in report.reasons.iter().filter(|_| way.is_empty()) {
        let _ = writeln!(text, "    {}", finding(reason));
    }
    let several = report.profiles.len() > 1;
    for (at, profile) in profiles {
        let closest = if report.closest == Some(at) && several { " (closest)" } else { "" };
        let clause = self::profile(profile, report, "it");
        let _ = writeln!(text, "    profile `{}`{closest} {clause}", shown(&profile.name));
    }
}

/// Whether the way shows the permission of a report in this profile.
fn is_on_way(way: &[Step], report: &Report, profile: &ProfileReport) -> bool {
    let (mut of_principal, mut of_profile) = (false, false);
    way.iter().any(|step| {
        match step.depth {
            0 => of_principal = step.id == report.principal || step.name == report.principal,
            1 => of_profile = step.id == profile.id,
            _ => {}
        }
        let is_it = step.name == report.permission || step.includes.contains(&report.permission);
        of_principal && of_profile && step.depth == 2 && is_it
    })
}

/// The effect of a profile in words, as a clause whose subject is the profile. A profile that grants the permission of the
/// report grants `it`, or holds it where something else is in the way; the permission as stored is named where it is
/// another, and so is the scope.
#[must_use]
pub fn profile(profile: &ProfileReport, of: &Report, it: &str) -> String {
    let through = through(profile, &of.permission);
    if profile.findings == [Finding::Grants] {
        let verb = if of.outcome == Outcome::Allowed { "grants" } else { "holds" };
        let limits = profile.scope.as_ref().map(|limits| format!(", on what is {}", scope(limits))).unwrap_or_default();
        return match through {
            Some(stored) => format!("{verb} {stored}{limits}"),
            None => format!("{verb} {it}{limits}"),
        };
    }
    let mut clauses: Vec<_> = profile.findings.iter().map(|it| within(it, profile.scope.as_ref())).collect();
    clauses.dedup();
    let clauses = clauses.join(" and ");
    match through {
        Some(stored) => format!("holds {stored}, and {clauses}"),
        None => clauses,
    }
}

/// A finding in words, with the scope of the profile where the scope is too small.
pub(crate) fn within(it: &Finding, limits: Option<&Scope>) -> String {
    match (it, limits) {
        (Finding::OnlyInPart, Some(limits)) => format!("only covers what is {}", scope(limits)),
        (Finding::RecordOutOfScope { .. }, Some(limits)) => format!("only covers records {}", record_values(limits)),
        _ => finding(it),
    }
}

/// The permission as stored, where it is not the permission itself.
fn through(report: &ProfileReport, permission: &str) -> Option<String> {
    let stored = report.stored_permissions.first().filter(|stored| *stored != permission)?;
    Some(format!("`{}`, which includes `{}`", shown(stored), shown(permission)))
}

fn record_values(limits: &Scope) -> String {
    let entries = limits.primary_values.iter().map(|(attribute, values)| {
        let values = values.iter().map(|it| format!("`{}`", shown(it))).collect::<Vec<_>>().join(" or ");
        format!("with {values} as `{}`", shown(attribute))
    });
    entries.collect::<Vec<_>>().join(" and ")
}

fn pairs(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(key, value)| format!("`{}`=`{}`", shown(key), shown(value))).collect::<Vec<_>>().join(" and ")
}

fn names(names: &[String]) -> String {
    names.iter().map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(" and ")
}
