//! `lanyard tasks`: the tasks that can be asked about, with their formulas and sources.

use std::io::Write;
use std::process::ExitCode;

use lanyard_analysis::review::formula_in_words;
use lanyard_engine::tasks::{Formula, TASKS, Task};
use lanyard_model::catalogue::PermissionNames;
use lanyard_model::shown;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::instance::args::{CatalogueArg, TasksArg};
use crate::output::Json;
use crate::permission_names::PermissionNamesArg;

/// Show the tasks that questions and reviews can name: title, permissions, types of resource and source.
///
/// The exit code is 1 when nothing matches.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lanyard tasks\n  lanyard tasks recordings --json\n  lanyard tasks --tasks ours.yaml"
)]
pub(crate) struct Args {
    /// Words that the name, the title or a permission must contain
    search: Vec<String>,

    #[command(flatten)]
    file: TasksArg,

    #[command(flatten)]
    catalogue: CatalogueArg,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    permission_names: PermissionNamesArg,
}

/// Prints the tasks that match.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let catalogue = args.catalogue.catalogue()?;
    let further = args.file.read(&catalogue)?;
    let words: Vec<_> = args.search.iter().map(|word| word.to_lowercase()).collect();
    let matches = |task: &&Task| {
        let mut text = format!("{} {}", task.name, task.title);
        task.formula.permissions(&mut |name| {
            text.push(' ');
            text.push_str(name);
        });
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let tasks: Vec<&Task> = TASKS.iter().chain(further).filter(matches).collect();
    if args.json {
        let tasks: Vec<_> = tasks.iter().map(|task| to_json(task)).collect();
        writeln!(out, "{:#}", Json(&json!({ "tasks": tasks })))?;
    } else {
        let names = args.permission_names.get();
        let name = |name: &str| shown(&names.name(&catalogue, name)).to_string();
        for task in &tasks {
            writeln!(out, "{}\n  {}, on {}", shown(task.name), shown(task.title), task.resource_types.join(", "))?;
            write_formula(&task.formula, 4, &name, out)?;
            writeln!(out, "  source: {}", shown(task.source))?;
        }
        if tasks.is_empty() {
            writeln!(out, "there is no task like that")?;
        }
        if names == PermissionNames::Console && !tasks.is_empty() {
            writeln!(out, "permissions have the names of the console; --names api shows those of the API")?;
        }
    }
    Ok(if tasks.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn write_formula(
    formula: &Formula,
    indent: usize,
    name: &impl Fn(&str) -> String,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (heading, parts) = match formula {
        Formula::Permission(permission) => return Ok(writeln!(out, "{:indent$}{}", "", name(permission))?),
        Formula::New(permission) => {
            return Ok(writeln!(out, "{:indent$}{}, where the resource is new", "", name(permission))?);
        }
        Formula::AnyOf(parts) => ("any of".to_owned(), parts),
        Formula::AllOf(parts) => ("all of".to_owned(), parts),
        Formula::Disputed(point, parts) => {
            (format!("all of, or any of: undetermined by open point {}", point.name()), parts)
        }
    };
    writeln!(out, "{:indent$}{heading}", "")?;
    parts.iter().try_for_each(|part| write_formula(part, indent + 2, name, out))
}

fn to_json(task: &Task) -> Value {
    json!({
        "name": task.name,
        "title": task.title,
        "formula": formula_json(&task.formula),
        "formula_in_words": formula_in_words(&task.formula, &|name| format!("`{name}`")),
        "resource_types": task.resource_types,
        "source": task.source,
    })
}

fn formula_json(formula: &Formula) -> Value {
    let all = |parts: &[Formula]| parts.iter().map(formula_json).collect::<Vec<_>>();
    match formula {
        Formula::Permission(name) => json!(name),
        Formula::New(name) => json!({ "new": name }),
        Formula::AnyOf(parts) => json!({ "any_of": all(parts) }),
        Formula::AllOf(parts) => json!({ "all_of": all(parts) }),
        Formula::Disputed(point, parts) => json!({ "disputed": point.name(), "of": all(parts) }),
    }
}
