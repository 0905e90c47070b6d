//! One question with one answer: what `check` and `explain` do, the one in short and the other at length.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use lanyard_engine::{Explanation, OpenPoint, Outcome, Warning, wording};
use serde_json::{Value, json};

use super::names::{Names, Subject};
use super::question::{Asked, Details, usual_resource};
use super::remedy::remedy;
use super::source::{DecisionPoint, QuestionSource};
use super::{Narrative, text};
use crate::failure::Failure;

/// A question with one answer.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Who: a user by name, identifier or ARN, or an AI agent by ARN
    #[arg(value_name = "PRINCIPAL")]
    principal: String,

    /// What: a permission such as Users.Edit, a tool, or a task such as listen-to-recordings
    #[arg(value_name = "ACTION")]
    action: String,

    /// On what: Type:NAME, Type:ID or Type:ARN; Type:* for every one; Instance, or nothing, for what is of no resource
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    /// With Type:*: whether there may be one at least, instead of whether it is all of them
    #[arg(long = "match", value_enum, value_name = "HOW-MANY", default_value = "every")]
    how_many: HowMany,

    #[command(flatten)]
    source: QuestionSource,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    narrative: Narrative,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum HowMany {
    /// Every resource of the type
    Every,
    /// At least one
    Some,
}

/// Asks, and prints the answer in short or at length.
pub(crate) fn run(args: &One, at_length: bool, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let names = place.names();
    let asked = asked(args, &names)?;
    let explanation = match &place {
        DecisionPoint::Local(state) => asked
            .with(|question| state.compiled.explain(question))
            .map_err(|malformed| Failure::Message(format!("the question makes no sense: {malformed}")))?,
        DecisionPoint::Remote(server) => server.evaluate(&asked)?,
    };
    let not_seen = place.not_seen();
    let answer = Answered { args, names, asked: &asked, explanation: &explanation, not_seen: &not_seen };
    if args.narrative.json {
        writeln!(out, "{:#}", answer.to_json(at_length))?;
    } else {
        write!(out, "{}", answer.to_text(at_length))?;
    }
    Ok(args.narrative.status(explanation.answer.outcome))
}

fn asked(args: &One, names: &Names<'_>) -> Result<Asked, Failure> {
    let action = names.action(&args.action);
    let resource = match &args.resource {
        Some(resource) => resource.clone(),
        None => match usual_resource(names, &action).strip_suffix(":*") {
            None => "Instance".to_owned(),
            Some(it) => {
                let is_strange = names.catalogue.get(&action).is_none();
                let hint = is_strange.then(|| names.hint_action(&action)).flatten();
                return Err(Failure::Message(format!(
                    "on what? `{action}` acts on resources of the type {it}: write {it}:NAME, or {it}:* for every one{}",
                    hint.map(|hint| format!(" ({hint})")).unwrap_or_default()
                )));
            }
        },
    };
    let mut asked = args.details.ask(names, Subject::parse(&args.principal), &action, &resource)?;
    asked.match_some = args.how_many == HowMany::Some;
    Ok(asked)
}

/// An answer to be told.
struct Answered<'a> {
    args: &'a One,
    names: Names<'a>,
    asked: &'a Asked,
    explanation: &'a Explanation,
    /// What was not seen of the state that was asked.
    not_seen: &'a [String],
}

impl Answered<'_> {
    /// What a reader should know besides.
    fn notes(&self) -> Vec<String> {
        let Self { args, names, asked, explanation, not_seen } = self;
        let mut notes = args.details.notes(names, asked);
        notes.extend(explanation.answer.denial.and_then(|denial| names.hint(denial, asked)));
        notes.extend(explanation.warnings.iter().map(|warning| wording::warning(*warning).to_owned()));
        if explanation.warnings.contains(&Warning::PermissionNotInCatalogue) {
            notes.extend(names.hint_action(&asked.action));
        }
        if explanation.answer.open_points.contains(&OpenPoint::Unseen) {
            notes.extend(not_seen.iter().cloned());
        }
        notes
    }

    fn to_text(&self, at_length: bool) -> String {
        let Self { args, names, asked, explanation, .. } = self;
        let readable = text::readable(names.here, explanation);
        let mut said = format!("{}\n", text::headline(names, asked, &explanation.answer, &args.narrative));
        if at_length {
            // The first line is said already, and open points and notes are said at greater length below.
            let whole = wording::explanation(&readable);
            let is_new = |line: &&str| !line.starts_with("  open point") && !line.starts_with("  note:");
            whole.lines().skip(1).filter(is_new).for_each(|line| {
                let _ = writeln!(said, "{line}");
            });
        } else {
            text::reasons(asked, &readable).iter().for_each(|reason| {
                let _ = writeln!(said, "  {reason}");
            });
        }
        text::open_points(&mut said, &explanation.answer.open_points);
        self.notes().iter().for_each(|note| {
            let _ = writeln!(said, "  note: {note}");
        });
        if at_length {
            // What files say has no revision.
            if explanation.revision > 0 {
                let _ = writeln!(said, "  revision {}", explanation.revision);
            }
        }
        said
    }

    fn to_json(&self, at_length: bool) -> Value {
        let Self { args, names, asked, explanation, .. } = self;
        let answer = &explanation.answer;
        let points = answer.open_points.iter();
        let mut told = json!({
            "outcome": answer.outcome,
            "decision": args.narrative.counts(answer.outcome) == Outcome::Allowed,
            "reading": args.narrative.reading.map_or("strict", super::Reading::as_str),
            "revision": explanation.revision,
            "subject": { "type": asked.subject.kind(), "id": asked.subject.id() },
            "action": asked.action,
            "resource": { "type": asked.resource_type, "id": asked.id },
            "denial": answer.denial,
            "reasons": text::reasons(asked, &text::readable(names.here, explanation)),
            "open_points": points
                .map(|point| json!({ "name": point.name(), "about": point.about(), "remedy": remedy(*point) }))
                .collect::<Vec<_>>(),
            "warnings": explanation.warnings,
            "notes": self.notes(),
        });
        if at_length && let Some(members) = told.as_object_mut() {
            members.insert("findings".to_owned(), json!(explanation.reasons));
            members.insert("reports".to_owned(), json!(explanation.reports));
        }
        told
    }
}
