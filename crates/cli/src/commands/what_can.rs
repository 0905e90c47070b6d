//! `lanyard what-can`: everything that someone may do.

use std::io::Write;
use std::process::ExitCode;

use lanyard_engine::tasks::{PREFIX, TASKS};
use lanyard_engine::{Denial, Finding, Malformed, Outcome, Reading, wording};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Id, Kind};
use serde_json::{Value, json};

use crate::access::names::{Names, Subject, is_instance, kind_of};
use crate::access::question::{Asked, Details, any_of_type};
use crate::access::server::AuthzenClient;
use crate::access::source::{DecisionPoint, QuestionSource};
use crate::access::{Narrative, STATUS, text};
use crate::failure::Failure;
use crate::instance::State;

/// How many resources are listed by name; beyond that they are counted.
const LISTED: usize = 12;

/// Say what someone may do: tasks and permissions by type of resource, and what of it is undetermined.
#[derive(Debug, clap::Args)]
#[command(after_help = format!(
    "With nothing the exit status is 2, and with nothing for certain 3.\n{STATUS}\n\nExamples:\n  lanyard what-can \
     alice\n  lanyard what-can alice Queue\n  lanyard what-can alice User:bob"
))]
pub(crate) struct Args {
    /// Who: a user by name, identifier or ARN, or an AI agent by ARN
    #[arg(value_name = "PRINCIPAL")]
    principal: String,

    /// On what: Type:NAME, Type:ID or Type:ARN; Type:* for every one; Type for which of them. Without it, on everything
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    #[command(flatten)]
    source: QuestionSource,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    narrative: Narrative,
}

/// What may be done on one resource, or on some of a type.
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
    /// On which part of the type; `None` where it is all there is to say that it may be done.
    part: Option<String>,
    /// The stored resources, where they were asked for.
    resources: Option<Vec<String>>,
}

/// Asks, and prints everything.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let names = place.names();
    let subject = Subject::parse(&args.principal);
    let (mut of_nothing, mut notes) = (Outcome::Denied, Vec::new());
    let sections = match &place {
        DecisionPoint::Local(state) => match obstacle(args, &names, state, &subject)? {
            Some((outcome, said)) => {
                (of_nothing, notes) = (outcome, said);
                Vec::new()
            }
            None => here(args, &names, state, &subject)?,
        },
        DecisionPoint::Remote(server) => there(args, &names, server, &subject)?,
    };
    notes.extend(place.not_seen());
    let has = |outcome| sections.iter().flat_map(|section| &section.lines).any(|line| line.outcome == outcome);
    let is_unknown = of_nothing == Outcome::Undetermined;
    let status = args.narrative.of_lists(has(Outcome::Allowed), has(Outcome::Undetermined) || is_unknown);
    if args.narrative.json {
        let told = json!({
            "subject": { "type": subject.kind(), "id": subject.id() },
            "revision": match &place {
                DecisionPoint::Local(state) => Some(state.compiled.revision()),
                DecisionPoint::Remote(_) => None,
            },
            "allowed": to_json(&sections, Outcome::Allowed),
            "undetermined": to_json(&sections, Outcome::Undetermined),
            "notes": notes,
        });
        writeln!(out, "{told:#}")?;
        return Ok(status);
    }
    let who = text::subject(&names, &subject);
    if is_unknown {
        writeln!(out, "{}: whether `{who}` may do anything", text::coloured(of_nothing, of_nothing.as_str()))?;
    } else if sections.is_empty() {
        writeln!(out, "`{who}` may do {}", text::coloured(Outcome::Denied, "nothing"))?;
    } else {
        writeln!(out, "`{who}` may:")?;
    }
    sections.iter().try_for_each(|section| tell(section, &names, out))?;
    notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    Ok(status)
}

fn senseless(malformed: Malformed) -> Failure {
    Failure::Message(format!("the question makes no sense: {malformed}"))
}

/// Why there is nothing, whatever the action: nobody asks, or about nothing.
fn obstacle(
    args: &Args,
    names: &Names<'_>,
    state: &State,
    subject: &Subject,
) -> Result<Option<(Outcome, Vec<String>)>, Failure> {
    let (resource, _) = any_of_type(args.resource.as_deref().unwrap_or("Instance"));
    let mut asked = args.details.ask(names, subject.clone(), "-", &resource)?;
    // Any permission of the type will do: what matters is who and on what.
    let of_type =
        names.catalogue.iter().find(|it| it.resource_types().iter().any(|it| it.as_str() == asked.resource_type));
    asked.action = of_type.map_or("ACCESS", |permission| permission.api_name()).to_owned();
    let explanation = asked.with(|question| state.compiled.explain(question)).map_err(senseless)?;
    if let Some(reason) = explanation.reasons.iter().find(|reason| **reason == Finding::PrincipalNotSeen) {
        return Ok(Some((Outcome::Undetermined, vec![wording::finding(reason)])));
    }
    Ok(match explanation.answer.denial {
        None | Some(Denial::UnknownAction | Denial::ActionDoesNotApply) => None,
        Some(denial) => {
            let mut notes = vec![wording::denial(denial).to_owned()];
            notes.extend(names.hint(denial, &asked));
            Some((Outcome::Denied, notes))
        }
    })
}

/// Everything on the resource that was named, or on whatever there is.
fn here(args: &Args, names: &Names<'_>, state: &State, subject: &Subject) -> Result<Vec<Section>, Failure> {
    let asked = |resource: &str| args.details.ask(names, subject.clone(), "-", resource);
    let mut sections = Vec::new();
    if let Some(resource) = &args.resource {
        let (written, is_type) = any_of_type(resource);
        let asked = Asked { match_some: is_type, ..asked(&written)? };
        sections.push(section(state, &asked, is_type)?);
    } else {
        for it in ResourceType::ALL.iter().copied() {
            if it != ResourceType::Instance {
                let asked = Asked { match_some: true, ..asked(&format!("{}:*", it.as_str()))? };
                sections.push(section(state, &asked, false)?);
            }
        }
        let of_instance = section(state, &asked("Instance")?, false)?;
        sections.insert(0, of_instance);
        for tool in tools(state, subject) {
            sections.push(section(state, &asked(&tool)?, false)?);
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

/// What may be done on one resource or type.
fn section(state: &State, asked: &Asked, list: bool) -> Result<Section, Failure> {
    let actions = |reading| {
        asked.with(|question| {
            let found = state.compiled.which_actions(question, reading, None);
            found.map(|actions| actions.into_iter().map(str::to_owned).collect::<Vec<_>>())
        })
    };
    let certain = actions(Reading::STRICT).map_err(senseless)?;
    let mut lines = Vec::new();
    for action in tasks_of(asked).chain(actions(Reading::LENIENT).map_err(senseless)?) {
        let one = Asked { action: action.clone(), ..asked.clone() };
        let outcome = if certain.contains(&action) {
            Outcome::Allowed
        } else {
            one.with(|question| state.compiled.outcome(question)).map_err(senseless)?.outcome
        };
        if outcome == Outcome::Denied {
            continue;
        }
        let part = if asked.match_some { part(state, &one, outcome)? } else { None };
        let resources = if list && part.is_some() { resources(state, &one)? } else { None };
        lines.push(Line { action, outcome, part, resources });
    }
    Ok(Section { resource_type: asked.resource_type.clone(), id: asked.id.clone(), lines })
}

/// What a task is, in words.
fn title(action: &str) -> Option<&'static str> {
    let name = action.strip_prefix(PREFIX)?;
    TASKS.iter().find(|task| task.name == name).map(|task| task.title)
}

/// The tasks that are usually asked about such a resource.
fn tasks_of(asked: &Asked) -> impl Iterator<Item = String> {
    let it = asked.resource_type.clone();
    let about = TASKS.iter().filter(move |task| task.resource_types.contains(&it.as_str()));
    about.map(|task| format!("{PREFIX}{}", task.name))
}

/// On which part of a type an action is granted; `None` when it is every resource of it.
fn part(state: &State, asked: &Asked, outcome: Outcome) -> Result<Option<String>, Failure> {
    let reading = if outcome == Outcome::Allowed { Reading::STRICT } else { Reading::LENIENT };
    let every = Asked { match_some: false, ..asked.clone() };
    if every.with(|question| state.compiled.decide(question, reading)).map_err(senseless)?.is_allowed() {
        return Ok(None);
    }
    let explanation = asked.with(|question| state.compiled.explain(question)).map_err(senseless)?;
    let readable = text::readable(state.names().here, &explanation);
    let granting = readable.reports.iter().flat_map(|report| &report.profiles);
    let granting = granting.filter(|profile| profile.findings == [Finding::Grants]);
    let mut parts: Vec<_> = granting.filter_map(|profile| profile.scope.as_ref()).map(wording::scope).collect();
    parts.sort();
    parts.dedup();
    Ok(Some(if parts.is_empty() { "some of them".to_owned() } else { format!("what is {}", parts.join("; or ")) }))
}

/// The names of the stored resources on which an action may be done; `None` for a type that is not stored.
fn resources(state: &State, asked: &Asked) -> Result<Option<Vec<String>>, Failure> {
    if kind_of(&asked.resource_type).is_none() {
        return Ok(None);
    }
    asked.with(|question| {
        let found = state.compiled.which_resources(question, Reading::LENIENT, None).map_err(senseless)?;
        let here = state.names().here;
        let name =
            |id: &Id| here.map_or_else(|| id.to_string(), |here| here.name_of(&asked.resource_type, &id.to_string()));
        let mut names: Vec<_> = found.into_iter().flatten().map(name).collect();
        names.sort();
        Ok(Some(names))
    })
}

fn there(args: &Args, names: &Names<'_>, server: &AuthzenClient, subject: &Subject) -> Result<Vec<Section>, Failure> {
    let types = || ResourceType::ALL.iter().map(|it| it.as_str());
    let resources: Vec<_> = match &args.resource {
        Some(resource) => vec![resource.clone()],
        None => types().map(str::to_owned).collect(),
    };
    let mut sections = Vec::new();
    for resource in resources {
        let (resource, is_type) = any_of_type(&resource);
        let asked = args.details.ask(names, subject.clone(), "-", &resource)?;
        let asked = Asked { match_some: is_type, ..asked };
        let certain = server.search(&asked, "action", "strict")?;
        let line = |action: String| {
            let outcome = if certain.contains(&action) { Outcome::Allowed } else { Outcome::Undetermined };
            Line { action, outcome, part: None, resources: None }
        };
        let lines: Vec<_> = server.search(&asked, "action", "lenient")?.into_iter().map(line).collect();
        if !lines.is_empty() {
            sections.push(Section { resource_type: asked.resource_type, id: asked.id, lines });
        }
    }
    Ok(sections)
}

fn to_json(sections: &[Section], outcome: Outcome) -> Vec<Value> {
    let lines = sections.iter().flat_map(|section| section.lines.iter().map(move |line| (section, line)));
    lines
        .filter(|(_, line)| line.outcome == outcome)
        .map(|(section, line)| {
            let mut told = json!({
                "action": line.action,
                "resource": { "type": section.resource_type, "id": section.id },
            });
            if let Some(members) = told.as_object_mut() {
                members.extend(line.part.as_ref().map(|part| ("part".to_owned(), json!(part))));
                members.extend(line.resources.as_ref().map(|names| ("resources".to_owned(), json!(names))));
            }
            told
        })
        .collect()
}

fn tell(section: &Section, names: &Names<'_>, out: &mut impl Write) -> Result<(), Failure> {
    let Section { resource_type, id, lines } = section;
    let heading = match id.as_str() {
        _ if is_instance(resource_type) => "in the instance".to_owned(),
        "*" => resource_type.clone(),
        id => {
            let name = names.here.map_or_else(|| id.to_owned(), |here| here.name_of(resource_type, id));
            format!("{resource_type} `{name}`")
        }
    };
    writeln!(out, "\n{heading}")?;
    let width = lines.iter().map(|line| line.action.len()).max().unwrap_or_default();
    for line in lines {
        let mut notes = Vec::new();
        match (&line.resources, &line.part) {
            (Some(resources), _) if resources.len() <= LISTED => notes.push(match resources.len() {
                0 => "none that there is".to_owned(),
                _ => resources.join(", "),
            }),
            (Some(resources), _) => notes.push(format!("{} of them", resources.len())),
            (None, Some(part)) => notes.push(part.clone()),
            (None, None) => notes.extend(title(&line.action).map(str::to_owned)),
        }
        if line.outcome == Outcome::Undetermined {
            notes.push(text::coloured(Outcome::Undetermined, "undetermined"));
        }
        let said = format!("  {:width$}  {}", line.action, notes.join("; "));
        writeln!(out, "{}", said.trim_end())?;
    }
    Ok(())
}
