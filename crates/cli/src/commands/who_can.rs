//! `lanyard who-can`: the principals that may do something.

use std::io::Write;
use std::process::ExitCode;

use lanyard_answers::{ListedPrincipal, Subject, WhoCan, text};
use lanyard_engine::{OpenPoint, Outcome};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::shown;
use serde_json::{Value, json};

use crate::access::details::Details;
use crate::access::headline::{basis_members, coloured, named};
use crate::access::source::{DecisionPoint, QuestionSource};
use crate::access::{OutputArgs, STATUS};
use crate::failure::Failure;
use crate::output::Json;

/// List the users and AI agents that may do something, and those for whom it is undetermined.
#[derive(Debug, clap::Args)]
#[command(after_help = format!(
    "With nobody the exit status is 2, and with nobody for certain 3.\n{STATUS}\n\nExamples:\n  lanyard who-can \
     listen-to-recordings\n  lanyard who-can Users.Edit User:bob\n  lanyard who-can Queues.Edit"
))]
pub(crate) struct Args {
    /// A permission such as Users.Edit, a tool, or a task such as listen-to-recordings
    #[arg(value_name = "ACTION-OR-TASK")]
    action: String,

    /// The resource: Type:NAME, Type:ID or Type:ARN; Type:* for every one, Type for any. Without it, any resource of the
    /// action's type
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    /// List security profiles in place of people: those whose holder may do it. Files without users have only these
    #[arg(long)]
    profiles: bool,

    #[command(flatten)]
    source: QuestionSource,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    output: OutputArgs,
}

/// Finds the principals, and prints them.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let mut question = args.details.question(None, Some(&args.action), args.resource.as_deref());
    question.profiles = args.profiles;
    let answer = in_reading(place.who_can(question)?, &args.output);
    if args.output.json {
        writeln!(out, "{:#}", Json(&to_json(&answer)))?;
    } else {
        write_text(&answer, &place, &args.output, out)?;
    }
    let is_open = !answer.undetermined.is_empty() || answer.may_be_more;
    Ok(args.output.of_lists(!answer.allowed.is_empty(), is_open))
}

/// The answer in the reading that was requested, which decides what is undetermined.
fn in_reading(mut answer: WhoCan, output: &OutputArgs) -> WhoCan {
    match output.counts(Outcome::Undetermined) {
        Outcome::Undetermined => {}
        Outcome::Allowed => answer.allowed.append(&mut answer.undetermined),
        Outcome::Denied => answer.undetermined.clear(),
    }
    answer
}

fn to_json(answer: &WhoCan) -> Value {
    let mut json = json!({
        "action": answer.question.action,
        "resource": named(&answer.question.resource_type, &answer.question.id, &answer.known_as.resource),
        "allowed": answer.allowed.iter().map(principal).collect::<Vec<_>>(),
        "undetermined": answer.undetermined.iter().map(principal).collect::<Vec<_>>(),
        "notes": answer.notes,
    });
    if let Some(members) = json.as_object_mut() {
        members.extend(basis_members(answer.basis));
    }
    json
}

fn principal(principal: &ListedPrincipal) -> Value {
    let ListedPrincipal { subject, name, open_points } = principal;
    let mut value = named(subject.kind(), subject.id(), name);
    if let Some(members) = value.as_object_mut().filter(|_| !open_points.is_empty()) {
        let names: Vec<_> = open_points.iter().map(|point| point.name()).collect();
        members.insert("open_points".to_owned(), json!(names));
    }
    value
}

fn write_text(
    answer: &WhoCan,
    place: &DecisionPoint,
    output: &OutputArgs,
    out: &mut impl Write,
) -> Result<(), Failure> {
    write_lists(answer, place.catalogue(), output, out)?;
    answer.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    Ok(place.basis(answer.basis).iter().try_for_each(|basis| writeln!(out, "{basis}"))?)
}

fn write_lists(
    answer: &WhoCan,
    catalogue: &Catalogue,
    output: &OutputArgs,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let WhoCan { question, allowed, undetermined, may_be_more, .. } = answer;
    let what = text::what(question, &answer.known_as, catalogue, output.permission_names.get());
    use Outcome::{Allowed, Denied, Undetermined};
    if allowed.is_empty() && undetermined.is_empty() {
        let nobody = if *may_be_more { "nobody who was seen" } else { "nobody" };
        writeln!(out, "{} may {what}", coloured(Denied, nobody))?;
    }
    if !allowed.is_empty() {
        writeln!(out, "{}: {} may {what}", coloured(Allowed, "allowed"), count(allowed))?;
        allowed.iter().try_for_each(|principal| writeln!(out, "  {}", shown(&principal.name)))?;
    }
    if undetermined.is_empty() {
        return Ok(());
    }
    let word = coloured(Undetermined, "undetermined");
    writeln!(out, "{word}: whether {} may {what}", count(undetermined))?;
    let mut points: Vec<OpenPoint> = Vec::new();
    for principal in undetermined {
        let names: Vec<_> = principal.open_points.iter().map(|point| point.name()).collect();
        let why = if names.is_empty() { String::new() } else { format!("  ({})", names.join(", ")) };
        writeln!(out, "  {}{why}", shown(&principal.name))?;
        points.extend(&principal.open_points);
    }
    points.sort_unstable();
    points.dedup();
    let mut lines = String::new();
    text::open_points(&mut lines, &points, question);
    Ok(write!(out, "{lines}")?)
}

fn count(principals: &[ListedPrincipal]) -> String {
    let of = |is_kind: fn(&Subject) -> bool, one, several| {
        let count = principals.iter().filter(|it| is_kind(&it.subject)).count();
        (count > 0).then(|| text::counted(count, one, several))
    };
    let counts = [
        of(|it| matches!(it, Subject::User(_)), "user", "users"),
        of(|it| matches!(it, Subject::AiAgent(_)), "AI agent", "AI agents"),
        of(|it| matches!(it, Subject::SecurityProfile(_)), "holder of one profile", "holders of one profile each"),
    ];
    counts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
