//! `lanyard who-can`: the principals that may do something.

use std::io::Write;
use std::process::ExitCode;

use lanyard_engine::{OpenPoint, PrincipalKind, wording};
use lanyard_model::catalogue::PermissionNames;
use lanyard_model::shown;
use serde_json::{Value, json};

use crate::access::names::{Names, Subject};
use crate::access::question::{Details, OwnedQuestion, any_of_type, usual_resource};
use crate::access::server::AuthzenClient;
use crate::access::source::{DecisionPoint, QuestionSource};
use crate::access::understood::refuse;
use crate::access::{OutputArgs, STATUS, text};
use crate::failure::Failure;
use crate::instance::State;
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

    #[command(flatten)]
    source: QuestionSource,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    output: OutputArgs,
}

/// A principal in the answer.
struct ListedPrincipal {
    subject: Subject,
    name: String,
    /// The open points that leave the answer undetermined; none where it is certain.
    open_points: Vec<OpenPoint>,
}

/// The principals in the answer.
#[derive(Default)]
struct Principals {
    allowed: Vec<ListedPrincipal>,
    undetermined: Vec<ListedPrincipal>,
}

/// Finds the principals, and prints them.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let names = place.names();
    let question = question(args, &names)?;
    let (principals, is_denied, mut notes, revision) = match &place {
        DecisionPoint::Local(state) => {
            let denial = question
                .with(|borrowed| state.compiled.denial_for_all(borrowed))
                .map_err(|malformed| Failure::Message(format!("the question makes no sense: {malformed}")))?;
            let mut notes = args.details.notes(&names, &question);
            if let Some(denial) = denial {
                refuse(&names, &question, denial)?;
                notes.push(wording::denial(denial).to_owned());
                notes.extend(names.hint(denial, &question));
            }
            (local(state, &question)?, denial.is_some(), notes, Some(state.compiled.revision()))
        }
        DecisionPoint::Remote(server) => (remote(server, &question)?, false, Vec::new(), None),
    };
    if !principals.allowed.is_empty() && names.catalogue.get(&question.action).is_some_and(|it| it.flags().restricting)
    {
        notes.push("this permission takes something away: those listed are restricted by it".to_owned());
    }
    notes.extend(place.not_seen());
    // A principal that could not be read can be allowed, unless the question is denied for every principal.
    let may_be_more = matches!(&place, DecisionPoint::Local(state) if state.lacks_principals()) && !is_denied;
    let Principals { allowed, undetermined } = &principals;
    if args.output.json {
        let answer = json!({
            "action": question.action,
            "resource": { "type": question.resource_type, "id": question.id },
            "revision": revision,
            "allowed": allowed.iter().map(to_json).collect::<Vec<_>>(),
            "undetermined": undetermined.iter().map(to_json).collect::<Vec<_>>(),
            "notes": notes,
        });
        writeln!(out, "{:#}", Json(&answer))?;
    } else {
        write_text(&principals, may_be_more, &names, &question, args.output.permission_names.get(), out)?;
        notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    }
    Ok(args.output.of_lists(!allowed.is_empty(), !undetermined.is_empty() || may_be_more))
}

fn question(args: &Args, names: &Names<'_>) -> Result<OwnedQuestion, Failure> {
    let action = names.action(&args.action);
    let resource = args.resource.clone().unwrap_or_else(|| usual_resource(names, &action));
    let (resource, some) = match &args.resource {
        Some(resource) => any_of_type(resource),
        None => (resource, true),
    };
    let mut question = args.details.ask(names, Subject::default(), &action, &resource)?;
    question.match_some = some && question.id == "*";
    Ok(question)
}

/// The principals that may, in a state of this process.
fn local(state: &State, question: &OwnedQuestion) -> Result<Principals, Failure> {
    use lanyard_engine::Reading;
    let failed =
        |malformed: lanyard_engine::Malformed| Failure::Message(format!("the question makes no sense: {malformed}"));
    let mut principals = Principals::default();
    for kind in [PrincipalKind::User, PrincipalKind::AiAgent] {
        // Only AI agents act for somebody else.
        let question = question.for_kind(kind);
        let of_reading = |reading| {
            question.with(|borrowed| {
                state.compiled.who(kind, borrowed, reading, None).map(|ids| ids.cloned().collect::<Vec<_>>())
            })
        };
        let certain = of_reading(Reading::STRICT).map_err(failed)?;
        let mut certain = certain.iter().peekable();
        for id in of_reading(Reading::LENIENT).map_err(failed)? {
            let subject = match kind {
                PrincipalKind::User => Subject::User(id.to_string()),
                PrincipalKind::AiAgent => Subject::AiAgent(id.to_string()),
            };
            let name = text::subject(&state.names(), &subject);
            if certain.next_if(|it| **it == id).is_some() {
                principals.allowed.push(ListedPrincipal { subject, name, open_points: Vec::new() });
                continue;
            }
            let one = OwnedQuestion { subject: subject.clone(), ..question.clone() };
            let answer = one.with(|borrowed| state.compiled.outcome(borrowed)).map_err(failed)?;
            principals.undetermined.push(ListedPrincipal { subject, name, open_points: answer.open_points });
        }
    }
    principals.allowed.sort_by_cached_key(order);
    principals.undetermined.sort_by_cached_key(order);
    Ok(principals)
}

/// Users come first, by name.
fn order(principal: &ListedPrincipal) -> (bool, String) {
    (matches!(principal.subject, Subject::AiAgent(_)), principal.name.to_lowercase())
}

fn remote(server: &AuthzenClient, question: &OwnedQuestion) -> Result<Principals, Failure> {
    let mut principals = Principals::default();
    for kind in [PrincipalKind::User, PrincipalKind::AiAgent] {
        let nobody = match kind {
            PrincipalKind::User => Subject::User(String::new()),
            PrincipalKind::AiAgent => Subject::AiAgent(String::new()),
        };
        let question = OwnedQuestion { subject: nobody, ..question.for_kind(kind) };
        let certain = server.search(&question, "subject", "strict")?;
        for id in server.search(&question, "subject", "lenient")? {
            let list = if certain.contains(&id) { &mut principals.allowed } else { &mut principals.undetermined };
            let subject = match kind {
                PrincipalKind::User => Subject::User(id.clone()),
                PrincipalKind::AiAgent => Subject::AiAgent(id.clone()),
            };
            list.push(ListedPrincipal { subject, name: id, open_points: Vec::new() });
        }
    }
    Ok(principals)
}

fn to_json(principal: &ListedPrincipal) -> Value {
    let ListedPrincipal { subject, name, open_points } = principal;
    let mut value = json!({ "type": subject.kind(), "id": subject.id(), "name": name });
    if let Some(members) = value.as_object_mut().filter(|_| !open_points.is_empty()) {
        let names: Vec<_> = open_points.iter().map(|point| point.name()).collect();
        members.insert("open_points".to_owned(), json!(names));
    }
    value
}

fn write_text(
    principals: &Principals,
    may_be_more: bool,
    names: &Names<'_>,
    question: &OwnedQuestion,
    permission_names: PermissionNames,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let what = text::what(names, question, permission_names);
    use lanyard_engine::Outcome::{Allowed, Denied, Undetermined};
    let Principals { allowed, undetermined } = principals;
    if allowed.is_empty() && undetermined.is_empty() {
        let nobody = if may_be_more { "nobody who was seen" } else { "nobody" };
        writeln!(out, "{} may {what}", text::coloured(Denied, nobody))?;
    }
    if !allowed.is_empty() {
        writeln!(out, "{}: {} may {what}", text::coloured(Allowed, "allowed"), count(allowed))?;
        allowed.iter().try_for_each(|principal| writeln!(out, "  {}", shown(&principal.name)))?;
    }
    if undetermined.is_empty() {
        return Ok(());
    }
    let word = text::coloured(Undetermined, "undetermined");
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

fn count(principal: &[ListedPrincipal]) -> String {
    let agents = principal.iter().filter(|principal| matches!(principal.subject, Subject::AiAgent(_))).count();
    let of = [
        (principal.len() - agents, text::counted(principal.len() - agents, "user", "users")),
        (agents, text::counted(agents, "AI agent", "AI agents")),
    ];
    let counts: Vec<_> = of.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    counts.join(" and ")
}
