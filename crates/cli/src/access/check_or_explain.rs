//! `check` and `explain`: one question with one answer, in short or at length.

use std::io::Write;
use std::process::ExitCode;

use lanyard_answers::{Checked, remedy, text};
use lanyard_engine::{Outcome, Step, sentences, wording};
use serde_json::{Value, json};

use super::details::Details;
use super::headline::{basis_members, headline, named};
use super::source::{DecisionPoint, QuestionSource};
use super::{OutputArgs, Reading};
use crate::failure::Failure;
use crate::output::Json;

/// A question with one answer.
#[derive(Debug, clap::Args)]
pub(crate) struct QuestionArgs {
    /// A user, by name, identifier or ARN; an AI agent, by ARN; or SecurityProfile:NAME, a person who holds only this
    /// profile
    #[arg(value_name = "PRINCIPAL")]
    principal: String,

    /// A permission such as Users.Edit, a tool, or a task such as listen-to-recordings
    #[arg(value_name = "ACTION")]
    action: String,

    /// The resource: Type:NAME, Type:ID or Type:ARN; Type:* for every one. `Instance`, or nothing, for an action without
    /// a resource
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    /// With Type:*, whether every resource of the type is meant or at least one
    #[arg(long = "match", value_enum, value_name = "HOW-MANY", default_value = "every")]
    how_many: HowMany,

    #[command(flatten)]
    source: QuestionSource,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum HowMany {
    /// Every resource of the type
    Every,
    /// At least one
    Some,
}

/// Decides the question, and prints the answer in short or at length.
pub(crate) fn run(args: &QuestionArgs, at_length: bool, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let mut question = args.details.question(Some(&args.principal), Some(&args.action), args.resource.as_deref());
    question.match_some = args.how_many == HowMany::Some;
    let checked = place.check(question)?;
    if args.output.json {
        writeln!(out, "{:#}", Json(&to_json(&checked, &args.output, at_length)))?;
    } else {
        write!(out, "{}", to_text(&checked, &place, &args.output, at_length))?;
    }
    Ok(args.output.status(checked.explanation.answer.outcome))
}

fn to_text(checked: &Checked, place: &DecisionPoint, output: &OutputArgs, at_length: bool) -> String {
    let Checked { question, explanation, .. } = checked;
    let (catalogue, names) = (place.catalogue(), output.permission_names.get());
    let readable = text::for_people(catalogue, &checked.readable, names);
    let mut lines = vec![headline(checked, catalogue, output)];
    if at_length {
        lines.extend(explanation.answer.denial.map(|denial| format!("  {}", wording::denial(denial))));
        lines.extend(readable.reasons.iter().map(|reason| format!("  {}", wording::finding(reason))));
        lines.extend(sentences::way(&readable, question.match_some));
        lines.extend(sentences::missing(&readable).iter().map(|sentence| format!("  {sentence}")));
        lines.extend(wording::reports(&readable, true).lines().map(str::to_owned));
    } else {
        lines.extend(text::reasons(question, &readable).iter().map(|reason| format!("  {reason}")));
    }
    let mut open_points = String::new();
    text::open_points(&mut open_points, &explanation.answer.open_points, question);
    let open_points = text::with_permission_names(&open_points, catalogue, names);
    lines.extend(open_points.lines().map(str::to_owned));
    lines.extend(checked.notes.iter().map(|note| format!("  note: {note}")));
    lines.extend(place.basis(checked.basis).map(|basis| format!("  {basis}")));
    if at_length {
        lines = lines.iter().flat_map(|line| sentences::wrap_line(line)).collect();
    }
    lines.into_iter().fold(String::new(), |text, line| text + &line + "\n")
}

fn to_json(checked: &Checked, output: &OutputArgs, at_length: bool) -> Value {
    let Checked { question, readable, explanation, .. } = checked;
    let answer = &explanation.answer;
    let points = answer.open_points.iter();
    let mut json = json!({
        "outcome": answer.outcome,
        "decision": output.counts(answer.outcome) == Outcome::Allowed,
        "reading": output.reading.map_or("strict", Reading::as_str),
        "subject": named(question.subject.kind(), question.subject.id(), &checked.subject_name),
        "action": question.action,
        "resource": named(&question.resource_type, &question.id, &checked.known_as.resource),
        "denial": answer.denial,
        "reasons": text::reasons(question, readable),
        "open_points": points
            .map(|point| json!({ "name": point.name(), "about": point.about(), "remedy": remedy(*point, question) }))
            .collect::<Vec<_>>(),
        "warnings": explanation.warnings,
        "notes": checked.notes,
    });
    if let Some(members) = json.as_object_mut() {
        members.extend(basis_members(checked.basis));
        if at_length {
            members.insert("findings".to_owned(), json!(explanation.reasons));
            members.insert("reports".to_owned(), json!(explanation.reports));
            members.insert("advice".to_owned(), json!(explanation.advice));
            members.insert("way".to_owned(), json!(with_names(&explanation.way, &readable.way)));
        }
    }
    json
}

/// The steps with the names that are known here. Everything else has identifiers.
fn with_names(steps: &[Step], readable: &[Step]) -> Vec<Step> {
    let named = steps.iter().zip(readable);
    named.map(|(step, readable)| Step { name: readable.name.clone(), ..step.clone() }).collect()
}
