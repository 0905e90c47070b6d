//! Lint findings as text and as JSON.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lanyard_analysis::lint::{Finding, Report, Severity, Subject, Suppressed};
use lanyard_answers::text::counted;
use lanyard_model::catalogue::PermissionNames;
use lanyard_model::shown;
use serde_json::{Value, json};

use crate::access::headline::coloured;
use crate::instance::State;

/// The names of permissions in the sentences of findings, which have those of the API between backticks.
struct Permissions<'a> {
    state: &'a State,
    names: PermissionNames,
    /// The names, tags and identifiers of the state: between backticks, they are no permissions.
    stored: BTreeSet<String>,
}

impl<'a> Permissions<'a> {
    fn new(state: &'a State, names: PermissionNames) -> Self {
        let mut stored = BTreeSet::new();
        if names == PermissionNames::Console {
            for resource in state.directory.iter() {
                stored.extend(resource.name().map(str::to_owned));
                for (key, value) in resource.tags().into_iter().flatten() {
                    stored.extend([key.clone(), value.clone()]);
                }
            }
        }
        Self { state, names, stored }
    }

    /// A sentence with the names in use. Rules about the spelling of permissions keep the names as they are stored.
    fn sentence(&self, finding: &Finding, text: &str) -> String {
        if finding.rule.id.starts_with("permission-") {
            return text.to_owned();
        }
        let part = |(number, part): (usize, &str)| {
            // Other text is shown already.
            match self.state.catalogue.get(part).filter(|_| number % 2 == 1 && !self.stored.contains(part)) {
                Some(_) => shown(&self.names.name(&self.state.catalogue, part)).to_string(),
                None => part.to_owned(),
            }
        };
        // An odd number of backticks comes from a name that has one: then nothing is known to be a permission.
        if text.matches('`').count() % 2 == 1 {
            return text.to_owned();
        }
        text.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
    }
}

/// The findings, the most severe first, and the state that was read in a phrase.
pub(crate) fn text(
    report: &Report,
    suppressed: &[Suppressed],
    read: &str,
    (state, names): (&State, PermissionNames),
) -> String {
    let permissions = Permissions::new(state, names);
    let mut text = String::new();
    for finding in &report.findings {
        let word = coloured(tint(finding.severity), finding.severity.as_str());
        let place = finding.place.as_ref().map(|place| format!("  {place}")).unwrap_or_default();
        let _ = writeln!(text, "{word}: {}{place}", finding.rule.id);
        let _ = writeln!(
            text,
            "  {} `{}`: {}",
            finding.subject.key.kind.noun(),
            shown(&finding.subject.name),
            permissions.sentence(finding, &finding.message)
        );
        for (number, step) in (1..).zip(&finding.steps) {
            let _ = writeln!(
                text,
                "    {number}. {}  [{}]",
                permissions.sentence(finding, &step.what),
                step.outcome.as_str()
            );
        }
        let _ = writeln!(text, "  remedy: {}\n", permissions.sentence(finding, &finding.remedy));
    }
    for note in &report.not_seen {
        let _ = writeln!(text, "not seen: {note}");
    }
    let by_rule = by_rule(report);
    if by_rule.len() > 1 {
        text.push_str("by rule:\n");
        for (rule, count) in by_rule {
            let _ = writeln!(text, "{count:>8}  {rule}");
        }
    }
    let _ = writeln!(text, "read: {read}");
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let _ = write!(
        text,
        "{}, {}, {}",
        counted(count(Severity::Error), "error", "errors"),
        counted(count(Severity::Warning), "warning", "warnings"),
        counted(count(Severity::Note), "note", "notes"),
    );
    if !suppressed.is_empty() {
        let _ = write!(text, ", {} suppressed", suppressed.len());
    }
    text.push('\n');
    text
}

/// The number of findings of each rule, in the order of the findings: the most severe first.
fn by_rule(report: &Report) -> Vec<(&'static str, usize)> {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for finding in &report.findings {
        match counts.iter_mut().find(|(rule, _)| *rule == finding.rule.id) {
            Some((_, count)) => *count += 1,
            None => counts.push((finding.rule.id, 1)),
        }
    }
    counts
}

fn tint(severity: Severity) -> lanyard_engine::Outcome {
    use lanyard_engine::Outcome::{Allowed, Denied, Undetermined};
    match severity {
        Severity::Error => Denied,
        Severity::Warning => Undetermined,
        Severity::Note => Allowed,
    }
}

/// The findings as JSON.
pub(crate) fn json(report: &Report, suppressed: &[Suppressed], state: &State) -> Value {
    let accepted = suppressed.iter().map(|it| {
        let mut value = finding(&it.finding, state);
        if let Some(members) = value.as_object_mut() {
            members.insert("reason".to_owned(), json!(it.reason));
            members.insert("expires".to_owned(), json!(it.until));
            members.insert("accepted_in".to_owned(), json!(it.place.to_string()));
        }
        value
    });
    json!({
        "findings": report.findings.iter().map(|it| finding(it, state)).collect::<Vec<_>>(),
        "suppressed": accepted.collect::<Vec<_>>(),
        "by_rule": by_rule(report).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "not_seen": report.not_seen,
    })
}

fn finding(finding: &Finding, state: &State) -> Value {
    let subject = |it: &Subject| json!({ "kind": it.key.kind.name(), "id": it.key.id, "name": it.name });
    let user = |id: &lanyard_model::Id| {
        let name = state.directory.users.get(id).map(|user| user.username.as_str());
        json!({ "id": id, "name": name })
    };
    let place =
        finding.place.as_ref().map(|place| json!({ "file": &*place.file, "line": place.line, "column": place.column }));
    json!({
        "rule": finding.rule.id,
        "severity": finding.severity.as_str(),
        "subject": subject(&finding.subject),
        "member": finding.member,
        "others": finding.others.iter().map(subject).collect::<Vec<_>>(),
        "users": finding.users.iter().map(user).collect::<Vec<_>>(),
        "steps": finding.steps.iter().map(|it| json!({ "what": it.what, "outcome": it.outcome })).collect::<Vec<_>>(),
        "place": place,
        "message": finding.message,
        "remedy": finding.remedy,
        "source": finding.rule.source.page(),
        "identity": finding.identity(),
    })
}

/// The rules as a table.
pub(crate) fn table() -> String {
    let mut text = String::new();
    for rule in lanyard_analysis::lint::rules() {
        let _ = writeln!(text, "{:<42}{:<9}{}", rule.id, rule.severity.as_str(), rule.title);
    }
    text
}
