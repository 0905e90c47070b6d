//! What a rule found.

use std::cmp::Reverse;

use lanyard_engine::Outcome;
use lanyard_model::{Id, Key};

use super::rule::{Rule, Severity};
use crate::Place;

/// What a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is: as the rule says, or less.
    pub severity: Severity,
    /// What it is about, and where the remedy applies.
    pub subject: Subject,
    /// The member of the subject, and the value in it (`Permissions/Queues.Edit`); empty for the whole of it.
    pub member: String,
    /// What else takes part, such as the profiles that make a restriction void; in the order of their names.
    pub others: Vec<Subject>,
    /// The users it concerns, by identifier; empty where it concerns whoever holds the subject.
    pub users: Vec<Id>,
    /// The way that somebody may go, step by step; empty where there is none to show.
    pub steps: Vec<Step>,
    /// Where it stands in a file.
    pub place: Option<Place>,
    /// What is wrong, and why that matters: a sentence or two, without a full stop.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Something a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// What people call it; its identifier where it has no name.
    pub name: String,
    /// What it is.
    pub key: Key,
}

/// One step of a way to more access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done, in words.
    pub what: String,
    /// What the engine says of it.
    pub outcome: Outcome,
}

impl Finding {
    /// What tells this finding from every other one of the same configuration, and is the same again in the next run:
    /// the rule, the subject and the member. Who else takes part may change without making it another finding.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("{}/{}:{}/{}", self.rule.id, self.subject.key.kind.name(), self.subject.name, self.member)
    }

    /// The worst first; then by rule, subject and member.
    pub(super) fn order(&self) -> impl Ord + use<> {
        (
            Reverse(self.severity),
            self.rule.id,
            self.subject.name.to_lowercase(),
            self.subject.key.clone(),
            self.member.clone(),
        )
    }
}
