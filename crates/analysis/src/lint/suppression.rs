//! Accepted findings, with a reason and a last day.

use lanyard_model::{Id, Key, Kind, into_shown};

use super::finding::{Finding, Subject};
use super::rule::{Rule, Severity, Source};
use crate::Place;

static EXPIRED: Rule = Rule {
    id: "suppression-expired",
    title: "an expired suppression",
    severity: Severity::Warning,
    source: Source::Chosen,
    remedy: "review the finding: remedy it, or suppress it until a later day",
};

static UNMATCHED: Rule = Rule {
    id: "suppression-unmatched",
    title: "a suppression that suppresses nothing",
    severity: Severity::Warning,
    source: Source::Chosen,
    remedy: "remove the suppression",
};

pub(super) static RULES: &[&Rule] = &[&EXPIRED, &UNMATCHED];

/// A suppression: findings of a rule about a subject are accepted.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The rule's identifier.
    pub rule: String,
    /// The kind of the subject.
    pub kind: Kind,
    /// The name or identifier of the subject.
    pub subject: String,
    /// The names of the only other participants that it covers; `None` covers any.
    pub with: Option<Vec<String>>,
    /// The reason.
    pub reason: String,
    /// The last day, in days since the first of January 1970.
    pub until: i64,
    /// The last day, as written in the file.
    pub until_text: String,
    /// The place of the suppression.
    pub place: Place,
}

impl Suppression {
    /// Whether the suppression covers the finding.
    fn covers(&self, finding: &Finding) -> bool {
        let Subject { name, key } = &finding.subject;
        let others = |accepted: &Vec<String>| {
            finding
                .others
                .iter()
                .all(|it| accepted.iter().any(|name| *name == it.name || *name == it.key.id.to_string()))
        };
        self.rule == finding.rule.id
            && self.kind == key.kind
            && (self.subject == *name || self.subject == key.id.to_string())
            && self.with.as_ref().is_none_or(others)
    }
}

/// An accepted finding.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The reason.
    pub reason: String,
    /// The last day, as written in the file.
    pub until: String,
    /// The place of the suppression.
    pub place: Place,
}

/// Removes the accepted findings, and adds findings about the suppressions themselves. `today` is in days since the
/// first of January 1970.
#[must_use]
pub fn suppress(findings: Vec<Finding>, suppressions: &[Suppression], today: i64) -> (Vec<Finding>, Vec<Suppressed>) {
    let mut used = vec![false; suppressions.len()];
    let (mut kept, mut suppressed) = (Vec::new(), Vec::new());
    for finding in findings {
        let mut valid = None;
        for (suppression, used) in suppressions.iter().zip(&mut used) {
            if suppression.until >= today && suppression.covers(&finding) {
                *used = true;
                valid = valid.or(Some(suppression));
            }
        }
        match valid {
            None => kept.push(finding),
            Some(suppression) => {
                let Suppression { reason, until_text, place, .. } = suppression.clone();
                suppressed.push(Suppressed { finding, reason, until: until_text, place });
            }
        }
    }
    for (suppression, used) in suppressions.iter().zip(used) {
        let Suppression { rule, subject, until, until_text, place, kind, .. } = suppression;
        let (rule, message) = match (*until < today, used) {
            (true, _) => {
                (&EXPIRED, format!("the suppression of `{rule}` for `{subject}` was valid until {until_text}"))
            }
            (false, false) => (&UNMATCHED, format!("there is no finding of `{rule}` about `{subject}` to suppress")),
            (false, true) => continue,
        };
        kept.push(Finding {
            rule,
            severity: rule.severity,
            subject: Subject { name: subject.clone(), key: Key { kind: *kind, id: Id::new(subject) } },
            member: suppression.rule.clone(),
            others: Vec::new(),
            users: Vec::new(),
            steps: Vec::new(),
            place: Some(place.clone()),
            message: into_shown(message),
            remedy: rule.remedy.to_owned(),
        });
    }
    kept.sort_by_cached_key(Finding::order);
    (kept, suppressed)
}
