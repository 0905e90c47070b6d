//! `check` and `explain`: one question with one answer, in short or at length.

use std::io::Write;
use std::process::ExitCode;

use lanyard_engine::{Explanation, OpenPoint, Outcome, Step, Warning, sentences, wording};
use lanyard_model::shown;
use serde_json::{Value, json};

use super::names::{Names, Subject};
use super::question::{Details, OwnedQuestion, usual_resource};
use super::remedy::remedy;
use super::source::{DecisionPoint, QuestionSource};
use super::understood::check_understood;
use super::{OutputArgs, text};
use crate::failure::Failure;
use crate::output::Json;

/// A question with one answer.
#[derive(Debug, clap::Args)]
pub(crate) struct QuestionArgs {
    /// A user, by name, identifier or ARN, or an AI agent, by ARN
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
    let names = place.names();
    let question = question(args, &names)?;
    let explanation = match &place {
        DecisionPoint::Local(state) => question
            .with(|borrowed| state.compiled.explain_in_full(borrowed))
            .map_err(|malformed| Failure::Message(format!("the question makes no sense: {malformed}")))?,
        DecisionPoint::Remote(server) => server.evaluate(&question)?,
    };
    check_understood(&names, &question, &explanation)?;
    let not_seen = place.not_seen();
    let answer = AnswerReport { args, names, question: &question, explanation: &explanation, not_seen: &not_seen };
    if args.output.json {
        writeln!(out, "{:#}", Json(&answer.to_json(at_length)))?;
    } else {
        write!(out, "{}", answer.to_text(at_length))?;
    }
    Ok(args.output.status(explanation.answer.outcome))
}

fn question(args: &QuestionArgs, names: &Names<'_>) -> Result<OwnedQuestion, Failure> {
    let action = names.action(&args.action);
    let resource = match &args.resource {
        Some(resource) => resource.clone(),
        None => match usual_resource(names, &action).strip_suffix(":*") {
            None => "Instance".to_owned(),
            Some(it) => {
                let is_strange = names.catalogue.get(&action).is_none();
                let hint = is_strange.then(|| names.hint_action(&action)).flatten();
                return Err(Failure::Message(format!(
                    "on what? `{}` acts on resources of the type {it}: write {it}:NAME, or {it}:* for every one{}",
                    shown(&action),
                    hint.map(|hint| format!(" ({hint})")).unwrap_or_default()
                )));
            }
        },
    };
    let mut question = args.details.ask(names, Subject::parse(&args.principal), &action, &resource)?;
    question.match_some = args.how_many == HowMany::Some;
    Ok(question)
}

/// An answer and the question that it belongs to.
struct AnswerReport<'a> {
    args: &'a QuestionArgs,
    names: Names<'a>,
    question: &'a OwnedQuestion,
    explanation: &'a Explanation,
    /// The parts of the state that could not be read, one sentence each.
    not_seen: &'a [String],
}

impl AnswerReport<'_> {
    /// Notes on the answer.
    fn notes(&self) -> Vec<String> {
        let Self { args, names, question, explanation, not_seen } = self;
        let mut notes = args.details.notes(names, question);
        notes.extend(explanation.answer.denial.and_then(|denial| names.hint(denial, question)));
        notes.extend(explanation.warnings.iter().map(|warning| wording::warning(*warning).to_owned()));
        if explanation.warnings.contains(&Warning::PermissionNotInCatalogue) {
            notes.extend(names.hint_action(&question.action));
        }
        if explanation.answer.open_points.contains(&OpenPoint::Unseen) {
            notes.extend(not_seen.iter().cloned());
        }
        notes
    }

    fn to_text(&self, at_length: bool) -> String {
        let Self { args, names, question, explanation, .. } = self;
        let readable = text::for_people(names, explanation, args.output.permission_names.get());
        let mut lines = vec![text::headline(names, question, &explanation.answer, &args.output)];
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
        let open_points = text::with_permission_names(&open_points, names, args.output.permission_names.get());
        lines.extend(open_points.lines().map(str::to_owned));
        lines.extend(self.notes().iter().map(|note| format!("  note: {note}")));
        // A state read from files has no revision.
        lines.extend((at_length && explanation.revision > 0).then(|| format!("  revision {}", explanation.revision)));
        if at_length {
            lines = lines.iter().flat_map(|line| sentences::wrap_line(line)).collect();
        }
        lines.into_iter().fold(String::new(), |text, line| text + &line + "\n")
    }

    fn to_json(&self, at_length: bool) -> Value {
        let Self { args, names, question, explanation, .. } = self;
        let answer = &explanation.answer;
        let points = answer.open_points.iter();
        let mut json = json!({
            "outcome": answer.outcome,
            "decision": args.output.counts(answer.outcome) == Outcome::Allowed,
            "reading": args.output.reading.map_or("strict", super::Reading::as_str),
            "revision": explanation.revision,
            "subject": { "type": question.subject.kind(), "id": question.subject.id() },
            "action": question.action,
            "resource": { "type": question.resource_type, "id": question.id },
            "denial": answer.denial,
            "reasons": text::reasons(question, &text::readable(names.stored, explanation)),
            "open_points": points
                .map(|point| json!({ "name": point.name(), "about": point.about(), "remedy": remedy(*point, question) }))
                .collect::<Vec<_>>(),
            "warnings": explanation.warnings,
            "notes": self.notes(),
        });
        if at_length && let Some(members) = json.as_object_mut() {
            members.insert("findings".to_owned(), json!(explanation.reasons));
            members.insert("reports".to_owned(), json!(explanation.reports));
            let readable = text::readable(names.stored, explanation);
            members.insert("advice".to_owned(), json!(explanation.advice));
            members.insert("way".to_owned(), json!(with_names(&explanation.way, &readable.way)));
        }
        json
    }
}

/// The steps with the names that are known here. Everything else has identifiers.
fn with_names(steps: &[Step], readable: &[Step]) -> Vec<Step> {
    let named = steps.iter().zip(readable);
    named.map(|(step, readable)| Step { name: readable.name.clone(), ..step.clone() }).collect()
}
