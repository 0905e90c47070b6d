//! `lanyard who-can`: everyone who may do something.

use std::io::Write;
use std::process::ExitCode;

use lanyard_engine::{Denial, OpenPoint, PrincipalKind, wording};
use lanyard_model::Kind;
use serde_json::{Value, json};

use crate::access::names::{Names, Subject};
use crate::access::question::{Asked, Details, any_of_type, usual_resource};
use crate::access::server::AuthzenClient;
use crate::access::source::{DecisionPoint, QuestionSource};
use crate::access::{Narrative, STATUS, text};
use crate::failure::Failure;
use crate::instance::State;

/// Say who may do something: users and AI agents, those for whom it is certain and those for whom it is undetermined.
#[derive(Debug, clap::Args)]
#[command(after_help = format!(
    "With nobody the exit status is 2, and with nobody for certain 3.\n{STATUS}\n\nExamples:\n  lanyard who-can \
     listen-to-recordings\n  lanyard who-can Users.Edit User:bob\n  lanyard who-can Queues.Edit"
))]
pub(crate) struct Args {
    /// What: a permission such as Users.Edit, a tool, or a task such as listen-to-recordings
    #[arg(value_name = "ACTION-OR-TASK")]
    action: String,

    /// On what: Type:NAME, Type:ID or Type:ARN; Type:* for every one, Type for any. Without it, on whatever the action
    /// is about
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    #[command(flatten)]
    source: QuestionSource,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    narrative: Narrative,
}

/// Someone found.
struct Found {
    subject: Subject,
    name: String,
    /// Why it is not certain; empty when it is.
    open_points: Vec<OpenPoint>,
}

/// Everyone found.
#[derive(Default)]
struct Everyone {
    allowed: Vec<Found>,
    undetermined: Vec<Found>,
}

/// Asks, and prints everyone.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let names = place.names();
    let asked = asked(args, &names)?;
    let (everyone, is_denied, mut notes, revision) = match &place {
        DecisionPoint::Local(state) => {
            let (everyone, denial) = here(state, &asked)?;
            let mut notes = args.details.notes(&names, &asked);
            if let Some(denial) = denial {
                notes.push(wording::denial(denial).to_owned());
                notes.extend(names.hint(denial, &asked));
            } else if !asked.action.starts_with("task:") && is_strange(&names, &asked) {
                notes.push("the catalogue does not have this permission".to_owned());
                notes.extend(names.hint_action(&asked.action));
            }
            (everyone, denial.is_some(), notes, Some(state.compiled.revision()))
        }
        DecisionPoint::Remote(server) => (there(server, &asked)?, false, Vec::new(), None),
    };
    if !everyone.allowed.is_empty() && names.catalogue.get(&asked.action).is_some_and(|it| it.flags().restricting) {
        notes.push("this permission takes something away: those listed are restricted by it".to_owned());
    }
    notes.extend(place.not_seen());
    // Where nothing denies the question whoever asks, one who was not seen may be allowed.
    let may_be_more = matches!(&place, DecisionPoint::Local(state) if state.lacks_principals()) && !is_denied;
    let Everyone { allowed, undetermined } = &everyone;
    if args.narrative.json {
        let told = json!({
            "action": asked.action,
            "resource": { "type": asked.resource_type, "id": asked.id },
            "revision": revision,
            "allowed": allowed.iter().map(to_json).collect::<Vec<_>>(),
            "undetermined": undetermined.iter().map(to_json).collect::<Vec<_>>(),
            "notes": notes,
        });
        writeln!(out, "{told:#}")?;
    } else {
        tell(&everyone, may_be_more, &text::what(&names, &asked), out)?;
        notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    }
    Ok(args.narrative.of_lists(!allowed.is_empty(), !undetermined.is_empty() || may_be_more))
}

fn asked(args: &Args, names: &Names<'_>) -> Result<Asked, Failure> {
    let action = names.action(&args.action);
    let resource = args.resource.clone().unwrap_or_else(|| usual_resource(names, &action));
    let (resource, some) = match &args.resource {
        Some(resource) => any_of_type(resource),
        None => (resource, true),
    };
    let mut asked = args.details.ask(names, Subject::default(), &action, &resource)?;
    asked.match_some = some && asked.id == "*";
    Ok(asked)
}

/// Everyone who may, at the state at hand; or why the question is denied whoever asks.
fn here(state: &State, asked: &Asked) -> Result<(Everyone, Option<Denial>), Failure> {
    use lanyard_engine::Reading;
    let failed =
        |malformed: lanyard_engine::Malformed| Failure::Message(format!("the question makes no sense: {malformed}"));
    let mut everyone = Everyone::default();
    let mut denial = None;
    for kind in [PrincipalKind::User, PrincipalKind::AiAgent] {
        // Whom an AI agent serves says nothing about users, who serve nobody.
        let asked = asked.for_kind(kind);
        let of_reading = |reading| {
            asked.with(|question| {
                state.compiled.who(kind, question, reading, None).map(|ids| ids.cloned().collect::<Vec<_>>())
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
                everyone.allowed.push(Found { subject, name, open_points: Vec::new() });
                continue;
            }
            let one = Asked { subject: subject.clone(), ..asked.clone() };
            let answer = one.with(|question| state.compiled.outcome(question)).map_err(failed)?;
            everyone.undetermined.push(Found { subject, name, open_points: answer.open_points });
        }
    }
    if everyone.allowed.is_empty() && everyone.undetermined.is_empty() {
        // Anyone's answer tells whether the question is denied whoever asks.
        let anyone = state.directory.users.keys().next().map(ToString::to_string);
        let anyone = anyone.or_else(|| state.unknown_parts.kinds.contains(&Kind::User).then(|| "anyone".to_owned()));
        if let Some(user) = anyone {
            let one = Asked { subject: Subject::User(user), ..asked.for_kind(PrincipalKind::User) };
            denial = one.with(|question| state.compiled.outcome(question)).map_err(failed)?.denial;
        }
    }
    everyone.allowed.sort_by_cached_key(order);
    everyone.undetermined.sort_by_cached_key(order);
    Ok((everyone, denial))
}

/// Users come first, by name.
fn order(found: &Found) -> (bool, String) {
    (matches!(found.subject, Subject::AiAgent(_)), found.name.to_lowercase())
}

fn is_strange(names: &Names<'_>, asked: &Asked) -> bool {
    names.catalogue.get(&asked.action).is_none() && names.main_type(&asked.action).is_none()
}

fn there(server: &AuthzenClient, asked: &Asked) -> Result<Everyone, Failure> {
    let mut everyone = Everyone::default();
    for kind in [PrincipalKind::User, PrincipalKind::AiAgent] {
        let nobody = match kind {
            PrincipalKind::User => Subject::User(String::new()),
            PrincipalKind::AiAgent => Subject::AiAgent(String::new()),
        };
        let asked = Asked { subject: nobody, ..asked.for_kind(kind) };
        let certain = server.search(&asked, "subject", "strict")?;
        for id in server.search(&asked, "subject", "lenient")? {
            let list = if certain.contains(&id) { &mut everyone.allowed } else { &mut everyone.undetermined };
            let subject = match kind {
                PrincipalKind::User => Subject::User(id.clone()),
                PrincipalKind::AiAgent => Subject::AiAgent(id.clone()),
            };
            list.push(Found { subject, name: id, open_points: Vec::new() });
        }
    }
    Ok(everyone)
}

fn to_json(found: &Found) -> Value {
    let mut told = json!({ "type": found.subject.kind(), "id": found.subject.id(), "name": found.name });
    if let Some(members) = told.as_object_mut().filter(|_| !found.open_points.is_empty()) {
        let names: Vec<_> = found.open_points.iter().map(|point| point.name()).collect();
        members.insert("open_points".to_owned(), json!(names));
    }
    told
}

fn tell(everyone: &Everyone, may_be_more: bool, what: &str, out: &mut impl Write) -> Result<(), Failure> {
    use lanyard_engine::Outcome::{Allowed, Denied, Undetermined};
    let Everyone { allowed, undetermined } = everyone;
    if allowed.is_empty() && undetermined.is_empty() {
        let nobody = if may_be_more { "nobody who was seen" } else { "nobody" };
        writeln!(out, "{} may {what}", text::coloured(Denied, nobody))?;
    }
    if !allowed.is_empty() {
        writeln!(out, "{}: {} may {what}", text::coloured(Allowed, "allowed"), count(allowed))?;
        allowed.iter().try_for_each(|found| writeln!(out, "  {}", found.name))?;
    }
    if undetermined.is_empty() {
        return Ok(());
    }
    let word = text::coloured(Undetermined, "undetermined");
    writeln!(out, "{word}: whether {} may {what}", count(undetermined))?;
    let mut points: Vec<OpenPoint> = Vec::new();
    for found in undetermined {
        let names: Vec<_> = found.open_points.iter().map(|point| point.name()).collect();
        let why = if names.is_empty() { String::new() } else { format!("  ({})", names.join(", ")) };
        writeln!(out, "  {}{why}", found.name)?;
        points.extend(&found.open_points);
    }
    points.sort_unstable();
    points.dedup();
    let mut said = String::new();
    text::open_points(&mut said, &points);
    Ok(write!(out, "{said}")?)
}

fn count(found: &[Found]) -> String {
    let agents = found.iter().filter(|found| matches!(found.subject, Subject::AiAgent(_))).count();
    let of = [
        (found.len() - agents, text::counted(found.len() - agents, "user", "users")),
        (agents, text::counted(agents, "AI agent", "AI agents")),
    ];
    let said: Vec<_> = of.into_iter().filter(|(count, _)| *count > 0).map(|(_, said)| said).collect();
    said.join(" and ")
}
