//! Findings that somebody decided to live with, for a reason and until a day.

use lanyard_model::{Id, Key, Kind};

use super::finding::{Finding, Subject};
use super::rule::{Rule, Severity, Source};
use crate::Place;

static EXPIRED: Rule = Rule {
    id: "suppression-expired",
    title: "a suppression whose time is over",
    severity: Severity::Warning,
    source: Source::Chosen,
    remedy: "look at the finding again: remedy it, or suppress it until another day",
};

static UNMATCHED: Rule = Rule {
    id: "suppression-unmatched",
    title: "a suppression that suppresses nothing",
    severity: Severity::Warning,
    source: Source::Chosen,
    remedy: "take the suppression away",
};

pub(super) static RULES: &[&Rule] = &[&EXPIRED, &UNMATCHED];

/// That findings of a rule about a subject are accepted.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The rule's identifier.
    pub rule: String,
    /// The kind of the subject.
    pub kind: Kind,
    /// The name or identifier of the subject.
    pub subject: String,
    /// The names of all others that may take part; with `None`, whoever takes part.
    pub with: Option<Vec<String>>,
    /// Why they are accepted.
    pub reason: String,
    /// The last day on which they are: days since the first of January 1970.
    pub until: i64,
    /// That day as it was written.
    pub until_text: String,
    /// Where the suppression stands.
    pub place: Place,
}

impl Suppression {
    /// Whether the finding is one that is accepted.
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

/// A finding that is accepted.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why.
    pub reason: String,
    /// Until which day, as it was written.
    pub until: String,
    /// Where that is written.
    pub place: Place,
}

/// Takes away the findings that are accepted, and adds those about suppressions themselves. `today` is in days since the
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
            message,
            remedy: rule.remedy.to_owned(),
        });
    }
    kept.sort_by_cached_key(Finding::order);
    (kept, suppressed)
}
