//! `lanyard revert`: a plan that undoes what was done.

use std::io::Write;
use std::process::ExitCode;

use lanyard_analysis::{Configuration, name_of_key};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Change, Directory, Resource, shown};
use lanyard_store::Moment;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::instance::args::StoredInstanceArgs;
use crate::reports::plan::{PlanReport, Planned};

/// Make a plan that undoes one entry of the history, or that brings everything back to what it was.
///
/// Nothing is changed: the plan shows the changes and their access impact, and `lanyard apply` makes them after a review.
/// Only the members that the entry changed are restored. Where a later entry has changed the same member, the command
/// names it and makes no plan.
#[derive(clap::Args)]
#[command(after_help = "Exit status: 0 there is nothing to undo, 2 there is, 1 an error.\n\nExamples:\n  \
                        lanyard revert 42\n  lanyard revert 42 --endpoint http://127.0.0.1:4510 --out undo.plan\n  \
                        lanyard revert 40 --all-since --out back.plan")]
pub(crate) struct Args {
    /// The revision whose entry is undone
    revision: u64,

    /// Undo every entry after the revision instead: bring everything back to what it was then
    #[arg(long)]
    all_since: bool,

    #[command(flatten)]
    instance: StoredInstanceArgs,

    #[command(flatten)]
    report: PlanReport,
}

/// Makes the plan, and writes the report.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let target = args.instance.target();
    let instance = target.open()?;
    let now = instance.state(None)?;
    if args.revision > now.revision() {
        return Err(Failure::Message(format!(
            "there is no revision {} yet; the instance is at {}",
            args.revision,
            now.revision()
        )));
    }
    let after = if args.all_since {
        let then = instance.state(Some(Moment::Revision(args.revision)))?;
        with_resources(&now, then.iter())
    } else {
        let entries = instance.log(args.revision.saturating_sub(1), 1)?;
        let entry = entries.into_iter().find(|logged| logged.revision == args.revision);
        let entry = entry.ok_or_else(|| Failure::Message(format!("there is no revision {}", args.revision)))?;
        undone(&now, &entry.entry.changes)?
    };
    let [before, after] = [now, after].map(Configuration::whole);
    let planned = Planned {
        before: &before,
        after,
        origin: &target.location.origin(),
        desired: match args.all_since {
            true => format!("the state at revision {}", args.revision),
            false => format!("the present state without the changes of revision {}", args.revision),
        },
        aws_profile: None,
        catalogue: Catalogue::builtin(),
        notes: Vec::new(),
        is_comparison: false,
        files: None,
    };
    args.report.write(planned, out)
}

/// The state at the revision of `now`, with other resources.
fn with_resources(now: &Directory, resources: impl IntoIterator<Item = Resource>) -> Directory {
    Directory::load(now.stream().clone(), now.revision(), now.time(), resources)
}

/// The state without what the changes did.
fn undone(now: &Directory, changes: &[Change]) -> Result<Directory, Failure> {
    let mut resources: std::collections::BTreeMap<_, _> = now.iter().map(|it| (it.key(), it)).collect();
    let mut changed_since = Vec::new();
    for change in changes.iter().rev() {
        let key = change.key();
        let present = resources.get(&key);
        let undone = match (change.before(), change.after(), present) {
            (None, _, None) | (Some(_), None, Some(_)) => continue,
            (None, _, Some(_)) => None,
            (Some(before), None, None) => Some(before.clone()),
            (Some(before), Some(after), Some(present)) => match merged(before, after, present) {
                Ok(resource) => Some(resource),
                Err(members) => {
                    let name = name_of_key(now, &key);
                    changed_since.push(format!("{} `{name}`: {}", key.kind.noun(), members.join(", ")));
                    continue;
                }
            },
            (Some(_), Some(_), None) => {
                changed_since.push(format!("{} `{}` was deleted since", key.kind.noun(), key.id));
                continue;
            }
        };
        match undone {
            Some(resource) => resources.insert(key, resource),
            None => resources.remove(&key),
        };
    }
    if changed_since.is_empty() {
        return Ok(with_resources(now, resources.into_values()));
    }
    let first = "what the entry changed has been changed again since:".to_owned();
    let last = "undo the later entry first, or use --all-since".to_owned();
    let changed = changed_since.into_iter().map(|it| format!("  {}", shown(&it)));
    Err(Failure::Lines([first].into_iter().chain(changed).chain([last]).collect()))
}

/// The present resource with those members put back that a change changed.
///
/// # Errors
/// The members that are no longer as the change left them, nor as they were before it.
fn merged(before: &Resource, after: &Resource, present: &Resource) -> Result<Resource, Vec<String>> {
    let [before, after, mut now] = [before, after, present].map(members);
    let names: std::collections::BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    let mut changed_since = Vec::new();
    for name in names.into_iter().filter(|name| !name.starts_with("last_modified_")) {
        let (old, new, is) = (before.get(&name), after.get(&name), now.get(&name));
        if old == new || is == old {
            continue;
        }
        if is != new {
            changed_since.push(name);
            continue;
        }
        match old {
            Some(old) => now.insert(name, old.clone()),
            None => now.remove(&name),
        };
    }
    if !changed_since.is_empty() {
        return Err(changed_since);
    }
    // The JSON was written from a resource of this kind, so that it can be read as one.
    Ok(Resource::from_json(present.kind(), &Value::Object(now).to_string()).unwrap_or_else(|_| present.clone()))
}

fn members(resource: &Resource) -> Map<String, Value> {
    let value = resource.to_json().ok().and_then(|json| serde_json::from_str(&json).ok());
    match value {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}
