//! A decision and how it is written.

use std::borrow::Cow;

use lanyard_engine::{Denial, Explanation, Finding, OpenPoint, Outcome, Reading, Warning, wording};
use lanyard_model::Id;
use lanyard_model::catalogue::Catalogue;
use serde::Serialize;

use super::ask::{Asked, Manner, Unanswerable};
use crate::snapshot::Snapshot;

/// An answer to one question.
pub(super) struct Decided {
    pub(super) outcome: Outcome,
    pub(super) denial: Option<Denial>,
    open_points: Vec<OpenPoint>,
    warnings: Vec<Warning>,
    /// Everything, where somebody wants to know more than the answer.
    pub(super) explanation: Option<Explanation>,
    manner: Manner,
    of_type: bool,
}

impl Decided {
    /// The answer in the reading that was asked for.
    pub(super) fn is_allowed(&self) -> bool {
        match self.outcome {
            Outcome::Allowed => true,
            Outcome::Undetermined => self.manner.reading == Reading::LENIENT,
            Outcome::Denied => false,
        }
    }

    /// The name of the reading.
    pub(super) fn reading(&self) -> &'static str {
        reading(self.manner.reading)
    }
}

/// The name of a reading.
pub(super) fn reading(reading: Reading) -> &'static str {
    if reading == Reading::LENIENT { "lenient" } else { "strict" }
}

/// Answers a question; `in_full` even when it does not ask why.
pub(super) fn decide(
    snapshot: &Snapshot,
    catalogue: &Catalogue,
    asked: &Asked<'_>,
    in_full: bool,
) -> Result<Decided, Unanswerable> {
    let (manner, of_type) = (asked.manner, asked.is_of_type());
    let mut decided = Decided {
        outcome: Outcome::Denied,
        denial: Some(Denial::PrincipalUnknown),
        open_points: Vec::new(),
        warnings: Vec::new(),
        explanation: None,
        manner,
        of_type,
    };
    if asked.kind.is_none() {
        return Ok(decided);
    }
    let question = asked.question();
    let answer = if manner.explain || of_type || in_full {
        let explanation = snapshot.compiled().explain(&question)?;
        decided.warnings.clone_from(&explanation.warnings);
        let answer = explanation.answer.clone();
        decided.explanation = Some(explanation);
        answer
    } else {
        snapshot.compiled().outcome(&question)?
    };
    // Everything else about a warning takes an explanation: that "allowed" takes something away must not.
    if decided.explanation.is_none()
        && answer.outcome == Outcome::Allowed
        && question.resource.resource_type == "Instance"
    {
        let restricting = catalogue.get(question.action).is_some_and(|permission| permission.flags().restricting);
        decided.warnings.extend(restricting.then_some(Warning::RestrictingPermission));
    }
    (decided.outcome, decided.denial, decided.open_points) = (answer.outcome, answer.denial, answer.open_points);
    Ok(decided)
}

#[derive(Serialize)]
struct Decision<'a> {
    decision: bool,
    context: Context<'a>,
}

#[derive(Serialize)]
struct Context<'a> {
    outcome: &'static str,
    revision: u64,
    #[serde(skip_serializing_if = "is_strict")]
    reading: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grants: Option<Vec<Grant<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explained<'a>>,
}

fn is_strict(reading: &&'static str) -> bool {
    *reading == "strict"
}

/// A reason, for programs and for people.
#[derive(Serialize)]
pub(super) struct Reason {
    pub(super) code: Cow<'static, str>,
    pub(super) text: Cow<'static, str>,
}

/// What a profile grants of a type.
#[derive(Serialize)]
struct Grant<'a> {
    profile_id: &'a str,
    profile_name: &'a str,
    /// `null`: all of it.
    scope: serde_json::Value,
}

#[derive(Serialize)]
struct Explained<'a> {
    reports: serde_json::Value,
    reasons: &'a [Finding],
    sentences: Vec<String>,
}

/// Appends the answer as JSON.
pub(super) fn write(out: &mut Vec<u8>, decided: &Decided, revision: u64, decision_id: Option<&str>) {
    let explanation = decided.explanation.as_ref();
    let context = Context {
        outcome: decided.outcome.as_str(),
        revision,
        reading: decided.reading(),
        reasons: reasons(decided),
        warnings: decided.warnings.iter().map(|it| coded(it, wording::warning(*it))).collect(),
        decision_id,
        grants: explanation.filter(|_| decided.of_type).map(grants),
        explanation: explanation.filter(|_| decided.manner.explain).map(explained),
    };
    append(out, &Decision { decision: decided.is_allowed(), context });
}

/// Appends a value as JSON. Nothing here has other keys than text, so that it cannot fail.
pub(super) fn append(out: &mut Vec<u8>, value: &impl Serialize) {
    let written = serde_json::to_writer(out, value);
    debug_assert!(written.is_ok());
}

fn reasons(decided: &Decided) -> Vec<Reason> {
    if let Some(denial) = decided.denial {
        return vec![coded(&denial, wording::denial(denial))];
    }
    match decided.outcome {
        Outcome::Allowed => Vec::new(),
        Outcome::Undetermined => decided
            .open_points
            .iter()
            .map(|point| Reason { code: point.name().into(), text: point.about().into() })
            .collect(),
        Outcome::Denied => vec![Reason {
            code: "not_granted".into(),
            text: "no security profile grants it; `context.explain` says what each of them lacks".into(),
        }],
    }
}

/// A reason whose code is the name under which it is serialised.
fn coded(it: &impl Serialize, text: &'static str) -> Reason {
    let code = serde_json::to_value(it).ok().and_then(|code| code.as_str().map(str::to_owned));
    Reason { code: code.unwrap_or_default().into(), text: text.into() }
}

fn grants(explanation: &Explanation) -> Vec<Grant<'_>> {
    let profiles = explanation.reports.iter().flat_map(|report| &report.profiles);
    let granting = profiles.filter(|profile| {
        profile.findings.iter().all(|finding| matches!(finding, Finding::Grants | Finding::OnlyInPart))
    });
    granting
        .map(|profile| Grant {
            profile_id: &profile.id,
            profile_name: &profile.name,
            scope: serde_json::to_value(&profile.scope).unwrap_or_default(),
        })
        .collect()
}

fn explained(explanation: &Explanation) -> Explained<'_> {
    Explained {
        reports: serde_json::to_value(&explanation.reports).unwrap_or_default(),
        reasons: &explanation.reasons,
        sentences: wording::explanation(explanation).lines().map(str::trim).map(str::to_owned).collect(),
    }
}

#[derive(Serialize)]
struct Failed<'a> {
    decision: bool,
    context: FailedContext<'a>,
}

#[derive(Serialize)]
struct FailedContext<'a> {
    revision: u64,
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    status: u16,
    message: &'a str,
}

/// Appends what stands for the answer to a question of a batch that cannot be answered.
pub(super) fn write_failed(out: &mut Vec<u8>, message: &str, revision: u64) {
    let error = Failure { status: 400, message };
    append(out, &Failed { decision: false, context: FailedContext { revision, error } });
}

/// A fresh identifier for a decision.
pub(super) fn decision_id(server: &crate::server::Server) -> Id {
    server.node.environment.request_id()
}
