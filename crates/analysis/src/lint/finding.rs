//! Findings of rules.

use std::cmp::Reverse;

use lanyard_engine::Outcome;
use lanyard_model::{Id, Key};

use super::rule::{Rule, Severity};
use crate::Place;

/// A finding of a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The severity: that of the rule, or lower.
    pub severity: Severity,
    /// The resource that the finding is about, and that the remedy changes.
    pub subject: Subject,
    /// The member of the subject, and the value in it (`Permissions/Queues.Edit`); empty for the whole of it.
    pub member: String,
    /// The other participants, such as the profiles that make a restriction void; in the order of their names.
    pub others: Vec<Subject>,
    /// The users it concerns, by identifier; empty where it concerns every holder of the subject.
    pub users: Vec<Id>,
    /// The escalation path, step by step; empty where the finding has none.
    pub steps: Vec<Step>,
    /// The place in a file.
    pub place: Option<Place>,
    /// The problem and its consequence: a sentence or two, without a full stop.
    pub message: String,
    /// The remedy.
    pub remedy: String,
}

/// The subject of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The display name; the identifier where there is no name.
    pub name: String,
    /// The kind of resource.
    pub key: Key,
}

/// One step of an escalation path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The action in words.
    pub what: String,
    /// The engine's decision.
    pub outcome: Outcome,
}

/// The beginning of the identifiers of the rules about limits of a profile.
const LIMIT: &str = "too-many-";

impl Finding {
    /// The identity of the finding within a configuration, stable between runs: the rule, the subject and the member.
    /// Other participants may change without changing the identity.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("{}/{}:{}/{}", self.rule.id, self.subject.key.kind.name(), self.subject.name, self.member)
    }

    /// The order: the highest severity first, then a limit that the whole subject exceeds, then by rule, subject and member.
    pub(super) fn order(&self) -> impl Ord + use<> {
        (
            Reverse(self.severity),
            !self.rule.id.starts_with(LIMIT),
            self.rule.id,
            self.subject.name.to_lowercase(),
            self.subject.key.clone(),
            self.member.clone(),
        )
    }
}
