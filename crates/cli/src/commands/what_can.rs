//! `lanyard what-can`: everything that a principal may do.

use std::io::Write;
use std::process::ExitCode;

use lanyard_answers::{ActionLine, ResourceSection, WhatCan, is_instance, text};
use lanyard_engine::{OpenPoint, Outcome};
use lanyard_model::catalogue::{Catalogue, PermissionNames};
use lanyard_model::shown;
use serde_json::{Value, json};

use crate::access::details::Details;
use crate::access::headline::{basis_members, coloured, named};
use crate::access::source::{DecisionPoint, QuestionSource};
use crate::access::{OutputArgs, STATUS};
use crate::failure::Failure;
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
    /// A user, by name, identifier or ARN; an AI agent, by ARN; or SecurityProfile:NAME, a person who holds only this
    /// profile
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

/// Finds the actions, and prints them.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let place = args.source.open()?;
    let question = args.details.question(Some(&args.principal), None, args.resource.as_deref());
    let mut answer = place.what_can(question)?;
    answer.sections = counted(answer.sections, &args.output);
    let is_unknown = answer.of_nothing == Outcome::Undetermined;
    let has = |outcome| answer.sections.iter().flat_map(|section| &section.lines).any(|line| line.outcome == outcome);
    let status = args.output.of_lists(has(Outcome::Allowed), has(Outcome::Undetermined) || is_unknown);
    if args.output.json {
        writeln!(out, "{:#}", Json(&to_json(&answer)))?;
    } else {
        write_text(&answer, &place, args.output.permission_names.get(), out)?;
    }
    Ok(status)
}

fn write_text(
    answer: &WhatCan,
    place: &DecisionPoint,
    names: PermissionNames,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let has = |outcome| answer.sections.iter().flat_map(|section| &section.lines).any(|line| line.outcome == outcome);
    let who = text::who(&answer.subject, &answer.subject_name);
    if answer.of_nothing == Outcome::Undetermined {
        writeln!(out, "{}: whether {who} may do anything", coloured(answer.of_nothing, answer.of_nothing.as_str()))?;
    } else if answer.sections.is_empty() {
        writeln!(out, "{who} may do {}", coloured(Outcome::Denied, "nothing"))?;
    }
    if has(Outcome::Allowed) {
        writeln!(out, "{who} may:")?;
        let mut sections = answer.sections.iter();
        sections.try_for_each(|section| write_section(section, Outcome::Allowed, place.catalogue(), names, out))?;
    }
    if has(Outcome::Undetermined) {
        let gap = if has(Outcome::Allowed) { "\n" } else { "" };
        writeln!(out, "{gap}{}: whether {who} may:", coloured(Outcome::Undetermined, "undetermined"))?;
        let mut sections = answer.sections.iter();
        sections
            .try_for_each(|section| write_section(section, Outcome::Undetermined, place.catalogue(), names, out))?;
    }
    answer.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    Ok(place.basis(answer.basis).iter().try_for_each(|basis| writeln!(out, "{basis}"))?)
}

/// The sections in the reading that was requested, which decides the undetermined actions.
fn counted(mut sections: Vec<ResourceSection>, output: &OutputArgs) -> Vec<ResourceSection> {
    for section in &mut sections {
        section.lines.iter_mut().for_each(|line| line.outcome = output.counts(line.outcome));
        section.lines.retain(|line| line.outcome != Outcome::Denied);
    }
    sections.retain(|section| !section.lines.is_empty());
    sections
}

fn to_json(answer: &WhatCan) -> Value {
    let mut json = json!({
        "subject": named(answer.subject.kind(), answer.subject.id(), &answer.subject_name),
        "allowed": lines(&answer.sections, Outcome::Allowed),
        "undetermined": lines(&answer.sections, Outcome::Undetermined),
        "notes": answer.notes,
    });
    if let Some(members) = json.as_object_mut() {
        members.extend(basis_members(answer.basis));
    }
    json
}

fn lines(sections: &[ResourceSection], outcome: Outcome) -> Vec<Value> {
    let lines = sections.iter().flat_map(|section| section.lines.iter().map(move |line| (section, line)));
    lines
        .filter(|(_, line)| line.outcome == outcome)
        .map(|(section, line)| {
            let mut value = json!({
                "action": line.action,
                "resource": named(&section.resource_type, &section.id, &section.name),
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

fn write_section(
    section: &ResourceSection,
    outcome: Outcome,
    catalogue: &Catalogue,
    names: PermissionNames,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let ResourceSection { resource_type, id, name, lines } = section;
    let lines: Vec<&ActionLine> = lines.iter().filter(|line| line.outcome == outcome).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let heading = match id.as_str() {
        _ if is_instance(resource_type) => "in the instance".to_owned(),
        "*" => shown(resource_type).to_string(),
        _ => format!("{} `{}`", shown(resource_type), shown(name)),
    };
    writeln!(out, "\n{heading}")?;
    let action = |line: &ActionLine| shown(&names.name(catalogue, &line.action)).to_string();
    let width = lines.iter().map(|line| action(line).chars().count()).max().unwrap_or_default();
    for line in lines {
        let mut notes = Vec::new();
        match (&line.resources, &line.part) {
            (Some(resources), _) if resources.len() <= LISTED => notes.push(match resources.len() {
                0 if line.open_points.contains(&OpenPoint::Unseen) => "none that was seen".to_owned(),
                0 => "none that there is".to_owned(),
                _ => resources.iter().map(|name| shown(name).to_string()).collect::<Vec<_>>().join(", "),
            }),
            (Some(resources), _) => notes.push(format!("{} of them", resources.len())),
            (None, Some(part)) => notes.push(part.clone()),
            (None, None) => notes.extend(line.title.as_ref().map(|title| shown(title).to_string())),
        }
        if !line.open_points.is_empty() {
            let points: Vec<_> = line.open_points.iter().map(|point| point.name()).collect();
            notes.push(format!("({})", points.join(", ")));
        }
        let text = format!("  {:width$}  {}", action(line), notes.join("; "));
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
