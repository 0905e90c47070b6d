//! `lanyard what-can`: everything that a principal may do.

use std::io::Write;
use std::process::ExitCode;

use lanyard_engine::tasks::{PREFIX, TASKS};
use lanyard_engine::{Denial, Finding, Malformed, OpenPoint, Outcome, Reading, wording};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Id, Kind, into_shown, shown};
use serde_json::{Value, json};

use crate::access::names::{Names, Subject, is_instance, kind_of};
use crate::access::question::{Details, OwnedQuestion, any_of_type};
use crate::access::server::AuthzenClient;
use crate::access::source::{DecisionPoint, QuestionSource};
use crate::access::understood::refuse;
use crate::access::{OutputArgs, STATUS, text};
use crate::failure::Failure;
use crate::instance::State;
use crate::output::Json;

/// The most resources that are listed by name; more are counted.
const LISTED: usize = 12;

/// List the tasks and permissions that a user or AI agent may use, by type of resource.
#[derive(Debug, clap::Args)]
#[command(after_help = format!(
    "With nothing the exit status is 2, and with nothing for certain 3.\n{STATUS}\n\nExamples:\n  lanyard what-can \
     alice\n  lanyard what-can alice Queue\n  lanyard what-can alice User:bob"
))]
pub(crate) struct Args {
    /// A user, by name, identifier or ARN, or an AI agent, by ARN
    #[arg(value_name = "PRINCIPAL")]
    principal: String,

    /// The resource: Type:NAME, Type:ID or Type:ARN; Type:* for every one; Type to list them. Without it, all types
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    #[command(flatten)]
    source: QuestionSource,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    output: OutputArgs,
}

/// The actions on one resource or type.
struct Section {
    resource_type: String,
    /// The resource's identifier; `*` for the type.
    id: String,
    lines: Vec<Line>,
}

/// One action.
struct Line {
    action: String,
    outcome: Outcome,
    /// The part of the type that the action is granted on; `None` for all of it.
    part: Option<String>,
    /// The stored resources, where the question is about a type.
    resources: Option<Vec<String>>,
    /// The open points that leave the answer undetermined; none where it is certain, or where a server does not say.
    open_points: Vec<OpenPoint>,
}

/// Finds the actions, and prints them.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let names = place.names();
    let subject = Subject::parse(&args.principal);
    let (mut of_nothing, mut notes) = (Outcome::Denied, Vec::new());
    let sections = match &place {
        DecisionPoint::Local(state) => match obstacle(args, &names, state, &subject)? {
            Some((outcome, reasons)) => {
                (of_nothing, notes) = (outcome, reasons);
                Vec::new()
            }
            None => local(args, &names, state, &subject)?,
        },
        DecisionPoint::Remote(server) => remote(args, &names, server, &subject)?,
    };
    notes.extend(place.not_seen());
    let sections = counted(sections, &args.output);
    let has = |outcome| sections.iter().flat_map(|section| &section.lines).any(|line| line.outcome == outcome);
    let is_unknown = of_nothing == Outcome::Undetermined;
    let status = args.output.of_lists(has(Outcome::Allowed), has(Outcome::Undetermined) || is_unknown);
    if args.output.json {
        let answer = json!({
            "subject": { "type": subject.kind(), "id": subject.id() },
            "revision": match &place {
                DecisionPoint::Local(state) => Some(state.compiled.revision()),
                DecisionPoint::Remote(_) => None,
            },
            "allowed": to_json(&sections, Outcome::Allowed),
            "undetermined": to_json(&sections, Outcome::Undetermined),
            "notes": notes,
        });
        writeln!(out, "{:#}", Json(&answer))?;
        return Ok(status);
    }
    let who = into_shown(text::subject(&names, &subject));
    if is_unknown {
        writeln!(out, "{}: whether `{who}` may do anything", text::coloured(of_nothing, of_nothing.as_str()))?;
    } else if sections.is_empty() {
        writeln!(out, "`{who}` may do {}", text::coloured(Outcome::Denied, "nothing"))?;
    }
    if has(Outcome::Allowed) {
        writeln!(out, "`{who}` may:")?;
        sections.iter().try_for_each(|section| write_section(section, Outcome::Allowed, &names, out))?;
    }
    if has(Outcome::Undetermined) {
        let gap = if has(Outcome::Allowed) { "\n" } else { "" };
        writeln!(out, "{gap}{}: whether `{who}` may:", text::coloured(Outcome::Undetermined, "undetermined"))?;
        sections.iter().try_for_each(|section| write_section(section, Outcome::Undetermined, &names, out))?;
    }
    notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    Ok(status)
}

/// The sections in the reading that was requested, which decides the undetermined actions.
fn counted(mut sections: Vec<Section>, output: &OutputArgs) -> Vec<Section> {
    for section in &mut sections {
        section.lines.iter_mut().for_each(|line| line.outcome = output.counts(line.outcome));
        section.lines.retain(|line| line.outcome != Outcome::Denied);
    }
    sections.retain(|section| !section.lines.is_empty());
    sections
}

fn senseless(malformed: Malformed) -> Failure {
    Failure::Message(format!("the question makes no sense: {malformed}"))
}

/// The reason why no action at all is granted: the principal or the resource does not exist, or could not be read.
fn obstacle(
    args: &Args,
    names: &Names<'_>,
    state: &State,
    subject: &Subject,
) -> Result<Option<(Outcome, Vec<String>)>, Failure> {
    let (resource, _) = any_of_type(args.resource.as_deref().unwrap_or("Instance"));
    let mut question = args.details.ask(names, subject.clone(), "-", &resource)?;
    // Any permission of the type serves: the reason does not depend on it.
    let of_type =
        names.catalogue.iter().find(|it| it.resource_types().iter().any(|it| it.as_str() == question.resource_type));
    question.action = of_type.map_or("ACCESS", |permission| permission.api_name()).to_owned();
    let explanation = question.with(|borrowed| state.compiled.explain(borrowed)).map_err(senseless)?;
    if let Some(reason) = explanation.reasons.iter().find(|reason| **reason == Finding::PrincipalNotSeen) {
        return Ok(Some((Outcome::Undetermined, vec![wording::finding(reason)])));
    }
    Ok(match explanation.answer.denial {
        None | Some(Denial::UnknownAction | Denial::ActionDoesNotApply) => None,
        Some(denial) => {
            refuse(names, &question, denial)?;
            Some((Outcome::Denied, vec![wording::denial(denial).to_owned()]))
        }
    })
}

/// The sections of the resource that was named, or of every type.
fn local(args: &Args, names: &Names<'_>, state: &State, subject: &Subject) -> Result<Vec<Section>, Failure> {
    let question = |resource: &str| args.details.ask(names, subject.clone(), "-", resource);
    let mut sections = Vec::new();
    if let Some(resource) = &args.resource {
        let (written, is_type) = any_of_type(resource);
        let question = OwnedQuestion { match_some: is_type, ..question(&written)? };
        sections.push(section(state, &question, is_type)?);
    } else {
        for it in ResourceType::ALL.iter().copied() {
            if it != ResourceType::Instance {
                let question = OwnedQuestion { match_some: true, ..question(&format!("{}:*", it.as_str()))? };
                sections.push(section(state, &question, false)?);
            }
        }
        let of_instance = section(state, &question("Instance")?, false)?;
        sections.insert(0, of_instance);
        for tool in tools(state, subject) {
            sections.push(section(state, &question(&tool)?, false)?);
        }
    }
    sections.retain(|section| !section.lines.is_empty());
    Ok(sections)
}

/// The tools that the principal's profiles list, as resources; each once.
fn tools(state: &State, subject: &Subject) -> Vec<String> {
    let directory = &state.directory;
    let profiles = match subject {
        Subject::AiAgent(arn) => directory.ai_agents.get(&Id::new(arn)).map(|agent| &agent.security_profile_ids),
        Subject::User(name) => {
            let id = directory.find_name(Kind::User, name).cloned();
            let id = id.unwrap_or_else(|| Id::new(name.rsplit('/').next().unwrap_or(name)));
            directory.users.get(&id).map(|user| &user.security_profile_ids)
        }
    };
    let profiles = profiles.into_iter().flatten().filter_map(|id| directory.security_profiles.get(id));
    let mut tools: Vec<String> = profiles
        .flat_map(|profile| {
            let namespaces = profile.applications.iter().filter_map(|application| application.namespace.as_deref());
            let applications =
                namespaces.flat_map(|it| [format!("ThirdPartyApplication:{it}"), format!("McpServer:{it}")]);
            let modules = profile.allowed_flow_modules.iter().filter_map(|module| module.flow_module_id.as_deref());
            let modules = modules.map(|id| format!("ContactFlowModule:{id}"));
            let agents = profile.allowed_ai_agents.iter().filter_map(|agent| agent.arn.as_deref());
            applications.chain(modules).chain(agents.map(|arn| format!("AIAgent:{arn}"))).collect::<Vec<_>>()
        })
        .collect();
    tools.sort();
    tools.dedup();
    tools
}

/// The section of one resource or type.
fn section(state: &State, question: &OwnedQuestion, list: bool) -> Result<Section, Failure> {
    let actions = |reading| {
        question.with(|borrowed| {
            let actions = state.compiled.which_actions(borrowed, reading, None);
            actions.map(|actions| actions.into_iter().map(str::to_owned).collect::<Vec<_>>())
        })
    };
    let certain = actions(Reading::STRICT).map_err(senseless)?;
    let mut lines = Vec::new();
    for action in tasks_of(question).chain(actions(Reading::LENIENT).map_err(senseless)?) {
        let one = OwnedQuestion { action: action.clone(), ..question.clone() };
        let (outcome, open_points) = if certain.contains(&action) {
            (Outcome::Allowed, Vec::new())
        } else {
            let answer = one.with(|borrowed| state.compiled.outcome(borrowed)).map_err(senseless)?;
            (answer.outcome, answer.open_points)
        };
        if outcome == Outcome::Denied {
            continue;
        }
        let part = if question.match_some { part(state, &one, outcome)? } else { None };
        if list && part.is_some() && kind_of(&question.resource_type).is_some() {
            lines.extend(listed(state, &one, outcome, part.as_deref())?);
        } else {
            lines.push(Line { action, outcome, part, resources: None, open_points });
        }
    }
    Ok(Section { resource_type: question.resource_type.clone(), id: question.id.clone(), lines })
}

/// The title of a task.
fn title(action: &str) -> Option<&'static str> {
    let name = action.strip_prefix(PREFIX)?;
    TASKS.iter().find(|task| task.name == name).map(|task| task.title)
}

/// The tasks that apply to the resource's type.
fn tasks_of(question: &OwnedQuestion) -> impl Iterator<Item = String> {
    let it = question.resource_type.clone();
    let about = TASKS.iter().filter(move |task| task.resource_types.contains(&it.as_str()));
    about.map(|task| format!("{PREFIX}{}", task.name))
}

/// The part of a type that an action is granted on; `None` for every resource of it.
fn part(state: &State, question: &OwnedQuestion, outcome: Outcome) -> Result<Option<String>, Failure> {
    let reading = if outcome == Outcome::Allowed { Reading::STRICT } else { Reading::LENIENT };
    let every = OwnedQuestion { match_some: false, ..question.clone() };
    if every.with(|borrowed| state.compiled.decide(borrowed, reading)).map_err(senseless)?.is_allowed() {
        return Ok(None);
    }
    let explanation = question.with(|borrowed| state.compiled.explain(borrowed)).map_err(senseless)?;
    let readable = text::readable(state.names().stored, &explanation);
    let granting = readable.reports.iter().flat_map(|report| &report.profiles);
    let granting = granting.filter(|profile| profile.findings == [Finding::Grants]);
    let mut parts: Vec<_> = granting.filter_map(|profile| profile.scope.as_ref()).map(wording::scope).collect();
    parts.sort();
    parts.dedup();
    Ok(Some(if parts.is_empty() { "some of them".to_owned() } else { format!("what is {}", parts.join("; or ")) }))
}

/// The stored resources that an action is granted on, and those for which that is undetermined: a line for each that there
/// are. An action that is granted on a part of the type in which nothing is has a line too.
fn listed(state: &State, question: &OwnedQuestion, outcome: Outcome, part: Option<&str>) -> Result<Vec<Line>, Failure> {
    let certain = resources(state, question, Reading::STRICT)?;
    let mut open = resources(state, question, Reading::LENIENT)?;
    open.retain(|id| !certain.contains(id));
    let mut open_points = Vec::new();
    for id in &open {
        let one = OwnedQuestion { id: id.to_string(), match_some: false, ..question.clone() };
        let answer = one.with(|borrowed| state.compiled.outcome(borrowed)).map_err(senseless)?;
        open_points.extend(answer.open_points);
    }
    open_points.sort_unstable();
    open_points.dedup();
    let stored = state.names().stored;
    let names = |ids: &[Id]| {
        let name = |id: &Id| {
            stored.map_or_else(|| id.to_string(), |stored| stored.name_of(&question.resource_type, &id.to_string()))
        };
        let mut names: Vec<_> = ids.iter().map(name).collect();
        names.sort();
        Some(names)
    };
    let line = |outcome, ids: &[Id], open_points| Line {
        action: question.action.clone(),
        outcome,
        part: part.map(str::to_owned),
        resources: names(ids),
        open_points,
    };
    let mut lines = Vec::new();
    if !certain.is_empty() || (open.is_empty() && outcome == Outcome::Allowed) {
        lines.push(line(Outcome::Allowed, &certain, Vec::new()));
    }
    if !open.is_empty() || (certain.is_empty() && outcome == Outcome::Undetermined) {
        lines.push(line(Outcome::Undetermined, &open, open_points));
    }
    Ok(lines)
}

/// The stored resources that an action is granted on in a reading.
fn resources(state: &State, question: &OwnedQuestion, reading: Reading) -> Result<Vec<Id>, Failure> {
    question.with(|borrowed| {
        let ids = state.compiled.which_resources(borrowed, reading, None).map_err(senseless)?;
        Ok(ids.into_iter().flatten().cloned().collect())
    })
}

fn remote(args: &Args, names: &Names<'_>, server: &AuthzenClient, subject: &Subject) -> Result<Vec<Section>, Failure> {
    let types = || ResourceType::ALL.iter().map(|it| it.as_str());
    let resources: Vec<_> = match &args.resource {
        Some(resource) => vec![resource.clone()],
        None => types().map(str::to_owned).collect(),
    };
    let mut sections = Vec::new();
    for resource in resources {
        let (resource, is_type) = any_of_type(&resource);
        let question = args.details.ask(names, subject.clone(), "-", &resource)?;
        let question = OwnedQuestion { match_some: is_type, ..question };
        let certain = server.search(&question, "action", "strict")?;
        let line = |action: String| {
            let outcome = if certain.contains(&action) { Outcome::Allowed } else { Outcome::Undetermined };
            Line { action, outcome, part: None, resources: None, open_points: Vec::new() }
        };
        let lines: Vec<_> = server.search(&question, "action", "lenient")?.into_iter().map(line).collect();
        if !lines.is_empty() {
            sections.push(Section { resource_type: question.resource_type, id: question.id, lines });
        }
    }
    Ok(sections)
}

fn to_json(sections: &[Section], outcome: Outcome) -> Vec<Value> {
    let lines = sections.iter().flat_map(|section| section.lines.iter().map(move |line| (section, line)));
    lines
        .filter(|(_, line)| line.outcome == outcome)
        .map(|(section, line)| {
            let mut value = json!({
                "action": line.action,
                "resource": { "type": section.resource_type, "id": section.id },
            });
            if let Some(members) = value.as_object_mut() {
                members.extend(line.part.as_ref().map(|part| ("part".to_owned(), json!(part))));
                members.extend(line.resources.as_ref().map(|names| ("resources".to_owned(), json!(names))));
                let points: Vec<_> = line.open_points.iter().map(|point| point.name()).collect();
                members.extend((!points.is_empty()).then(|| ("open_points".to_owned(), json!(points))));
            }
            value
        })
        .collect()
}

fn write_section(section: &Section, outcome: Outcome, names: &Names<'_>, out: &mut impl Write) -> Result<(), Failure> {
    let Section { resource_type, id, lines } = section;
    let lines: Vec<_> = lines.iter().filter(|line| line.outcome == outcome).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let heading = match id.as_str() {
        _ if is_instance(resource_type) => "in the instance".to_owned(),
        "*" => shown(resource_type).to_string(),
        id => {
            let name = names.stored.map_or_else(|| id.to_owned(), |stored| stored.name_of(resource_type, id));
            format!("{} `{}`", shown(resource_type), shown(&name))
        }
    };
    writeln!(out, "\n{heading}")?;
    let width = lines.iter().map(|line| shown(&line.action).to_string().chars().count()).max().unwrap_or_default();
    for line in lines {
        let mut notes = Vec::new();
        match (&line.resources, &line.part) {
            (Some(resources), _) if resources.len() <= LISTED => notes.push(match resources.len() {
                0 => "none that there is".to_owned(),
                _ => resources.iter().map(|name| shown(name).to_string()).collect::<Vec<_>>().join(", "),
            }),
            (Some(resources), _) => notes.push(format!("{} of them", resources.len())),
            (None, Some(part)) => notes.push(part.clone()),
            (None, None) => notes.extend(title(&line.action).map(str::to_owned)),
        }
        if !line.open_points.is_empty() {
            let points: Vec<_> = line.open_points.iter().map(|point| point.name()).collect();
            notes.push(format!("({})", points.join(", ")));
        }
        let text = format!("  {:width$}  {}", shown(&line.action), notes.join("; "));
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
