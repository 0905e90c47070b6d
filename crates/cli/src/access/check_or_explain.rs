//! `check` and `explain`: one question with one answer, in short or at length.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use lanyard_answers::{Checked, remedy, text};
use lanyard_engine::{Outcome, wording};
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
    let Checked { question, readable, explanation, .. } = checked;
    let mut text_of_answer = format!("{}\n", headline(checked, place.catalogue(), output));
    if at_length {
        // The first line is the headline above; open points and notes follow below at greater length.
        let whole = wording::explanation(readable);
        let is_new = |line: &&str| !line.starts_with("  open point") && !line.starts_with("  note:");
        whole.lines().skip(1).filter(is_new).for_each(|line| {
            let _ = writeln!(text_of_answer, "{line}");
        });
    } else {
        text::reasons(question, readable).iter().for_each(|reason| {
            let _ = writeln!(text_of_answer, "  {reason}");
        });
    }
    text::open_points(&mut text_of_answer, &explanation.answer.open_points, question);
    checked.notes.iter().for_each(|note| {
        let _ = writeln!(text_of_answer, "  note: {note}");
    });
    if let Some(basis) = place.basis(checked.basis) {
        let _ = writeln!(text_of_answer, "  {basis}");
    }
    text_of_answer
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
        "resource": named(&question.resource_type, &question.id, &checked.resource_name),
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
        }
    }
    json
}
