//! `check` and `explain`: one question with one answer, in short or at length.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use lanyard_engine::{Explanation, OpenPoint, Outcome, Warning, wording};
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
            .with(|borrowed| state.compiled.explain(borrowed))
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
        let readable = text::readable(names.stored, explanation);
        let mut text_of_answer = format!("{}\n", text::headline(names, question, &explanation.answer, &args.output));
        if at_length {
            // The first line is the headline above; open points and notes follow below at greater length.
            let whole = wording::explanation(&readable);
            let is_new = |line: &&str| !line.starts_with("  open point") && !line.starts_with("  note:");
            whole.lines().skip(1).filter(is_new).for_each(|line| {
                let _ = writeln!(text_of_answer, "{line}");
            });
        } else {
            text::reasons(names, question, &readable).iter().for_each(|reason| {
                let _ = writeln!(text_of_answer, "  {reason}");
            });
        }
        text::open_points(&mut text_of_answer, &explanation.answer.open_points, question);
        self.notes().iter().for_each(|note| {
            let _ = writeln!(text_of_answer, "  note: {note}");
        });
        if at_length {
            // A state read from files has no revision.
            if explanation.revision > 0 {
                let _ = writeln!(text_of_answer, "  revision {}", explanation.revision);
            }
        }
        text_of_answer
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
            "reasons": text::reasons(names, question, &text::readable(names.stored, explanation)),
            "open_points": points
                .map(|point| json!({ "name": point.name(), "about": point.about(), "remedy": remedy(*point, question) }))
                .collect::<Vec<_>>(),
            "warnings": explanation.warnings,
            "notes": self.notes(),
        });
        if at_length && let Some(members) = json.as_object_mut() {
            members.insert("findings".to_owned(), json!(explanation.reasons));
            members.insert("reports".to_owned(), json!(explanation.reports));
        }
        json
    }
}
