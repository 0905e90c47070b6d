//! A decision and how it is written.

use std::borrow::Cow;

use lanyard_engine::{Denial, Explanation, Finding, OpenPoint, Outcome, Reading, Warning, wording};
use lanyard_model::Id;
use lanyard_model::catalogue::Catalogue;
use lanyard_model::visible::one_line;
use serde::Serialize;

use super::DecisionPoint;
use super::question::{EvaluationOptions, ParsedQuestion, Unanswerable};
use lanyard_service::Snapshot;

/// An answer to one question.
pub(super) struct Decided {
    pub(super) outcome: Outcome,
    pub(super) denial: Option<Denial>,
    open_points: Vec<OpenPoint>,
    warnings: Vec<Warning>,
    /// The explanation, where it was requested or is logged.
    pub(super) explanation: Option<Explanation>,
    evaluation_options: EvaluationOptions,
    of_type: bool,
}

impl Decided {
    /// The answer in the reading of the request.
    pub(super) fn is_allowed(&self) -> bool {
        match self.outcome {
            Outcome::Allowed => true,
            Outcome::Undetermined => self.evaluation_options.reading == Reading::LENIENT,
            Outcome::Denied => false,
        }
    }

    /// The name of the reading.
    pub(super) fn reading(&self) -> &'static str {
        reading(self.evaluation_options.reading)
    }
}

/// The name of a reading.
pub(super) fn reading(reading: Reading) -> &'static str {
    if reading == Reading::LENIENT { "lenient" } else { "strict" }
}

/// Answers a question; `in_full` even when no explanation was requested.
pub(super) fn decide(
    snapshot: &Snapshot,
    catalogue: &Catalogue,
    parsed: &ParsedQuestion<'_>,
    in_full: bool,
) -> Result<Decided, Unanswerable> {
    let (evaluation_options, of_type) = (parsed.evaluation_options, parsed.is_of_type());
    let mut decided = Decided {
        outcome: Outcome::Denied,
        denial: Some(Denial::PrincipalUnknown),
        open_points: Vec::new(),
        warnings: Vec::new(),
        explanation: None,
        evaluation_options,
        of_type,
    };
    if parsed.kind.is_none() {
        return Ok(decided);
    }
    let assigned = parsed.assigned();
    let question = parsed.question(&assigned);
    let answer = if evaluation_options.explain || of_type || in_full {
        let explanation = match evaluation_options.explain {
            true => snapshot.compiled().explain_in_full(&question)?,
            false => snapshot.compiled().explain(&question)?,
        };
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

/// A reason, for programs and for people.
#[derive(Serialize)]
pub(super) struct Reason {
    pub(super) code: Cow<'static, str>,
    pub(super) text: Cow<'static, str>,
}

/// The part of a type that a profile grants.
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
    advice: serde_json::Value,
    way: serde_json::Value,
}

/// The state behind an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Basis {
    /// The revision of the instance.
    pub(super) revision: u64,
    /// The time for which another node may have written without the answer knowing, in milliseconds; `None` where the
    /// store was asked.
    pub(super) staleness_ms: Option<u64>,
}

/// Appends the answer as JSON, without serde, because decision points spend most of their time here.
pub(super) fn write(out: &mut Vec<u8>, decided: &Decided, basis: Basis, decision_id: Option<&str>) {
    out.extend_from_slice(if decided.is_allowed() { b"{\"decision\":true" } else { b"{\"decision\":false" });
    out.extend_from_slice(b",\"context\":{\"outcome\":");
    text(out, decided.outcome.as_str());
    out.extend_from_slice(b",\"revision\":");
    append(out, &basis.revision);
    if let Some(staleness) = basis.staleness_ms {
        out.extend_from_slice(b",\"staleness_ms\":");
        append(out, &staleness);
    }
    if decided.evaluation_options.reading != Reading::STRICT {
        out.extend_from_slice(b",\"reading\":");
        text(out, decided.reading());
    }
    write_reasons(out, decided);
    let warnings = decided.warnings.iter();
    list(out, ",\"warnings\":", warnings.map(|it| move |out: &mut Vec<u8>| reason(out, it, wording::warning(*it))));
    if let Some(id) = decision_id {
        out.extend_from_slice(b",\"decision_id\":");
        text(out, id);
    }
    if let Some(explanation) = &decided.explanation {
        if decided.of_type {
            out.extend_from_slice(b",\"grants\":");
            append(out, &grants(explanation));
        }
        if decided.evaluation_options.explain {
            out.extend_from_slice(b",\"explanation\":");
            append(out, &explained(explanation));
        }
    }
    out.extend_from_slice(b"}}");
}

fn write_reasons(out: &mut Vec<u8>, decided: &Decided) {
    let name = ",\"reasons\":";
    if let Some(denial) = decided.denial {
        list(out, name, [|out: &mut Vec<u8>| reason(out, &denial, wording::denial(denial))]);
        return;
    }
    match decided.outcome {
        Outcome::Allowed => {}
        Outcome::Undetermined => {
            let points = decided.open_points.iter();
            list(out, name, points.map(|it| move |out: &mut Vec<u8>| reason(out, &it.name(), it.about())));
        }
        Outcome::Denied => {
            let about = "no security profile grants it; `context.explain` says what each of them lacks";
            list(out, name, [|out: &mut Vec<u8>| reason(out, &"not_granted", about)]);
        }
    }
}

/// Appends a member whose value is a list, unless nothing is on it.
fn list<F: FnOnce(&mut Vec<u8>)>(out: &mut Vec<u8>, name: &str, items: impl IntoIterator<Item = F>) {
    let mut between = b'[';
    for item in items {
        if between == b'[' {
            out.extend_from_slice(name.as_bytes());
        }
        out.push(between);
        item(out);
        between = b',';
    }
    if between == b',' {
        out.push(b']');
    }
}

/// Appends a reason; its code is what `code` is serialised as.
fn reason(out: &mut Vec<u8>, code: &impl Serialize, about: &str) {
    out.extend_from_slice(b"{\"code\":");
    append(out, code);
    out.extend_from_slice(b",\"text\":");
    text(out, about);
    out.push(b'}');
}

/// Appends text as JSON, at once where nothing in it is to be escaped.
fn text(out: &mut Vec<u8>, text: &str) {
    // The scan has no branches, so that the compiler can take many bytes at once.
    let is_odd = text.bytes().fold(false, |odd, byte| odd | (byte < b' ') | (byte == b'"') | (byte == b'\\'));
    if is_odd {
        return append(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Appends a value as JSON. Nothing here has other keys than text, so that it cannot fail.
pub(super) fn append(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    let written = serde_json::to_writer(out, value);
    debug_assert!(written.is_ok());
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
        advice: serde_json::to_value(&explanation.advice).unwrap_or_default(),
        way: serde_json::to_value(&explanation.way).unwrap_or_default(),
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
    #[serde(skip_serializing_if = "Option::is_none")]
    staleness_ms: Option<u64>,
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    status: u16,
    message: &'a str,
}

/// Appends what stands for the answer to a question of a batch that cannot be answered.
pub(super) fn write_failed(out: &mut Vec<u8>, message: &str, basis: Basis) {
    let error = Failure { status: 400, message: &one_line(message) };
    let Basis { revision, staleness_ms } = basis;
    append(out, &Failed { decision: false, context: FailedContext { revision, staleness_ms, error } });
}

/// A fresh identifier for a decision.
pub(super) fn decision_id(point: &DecisionPoint) -> Id {
    point.service.node.environment.request_id()
}
