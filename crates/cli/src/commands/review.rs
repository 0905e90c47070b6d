//! `lanyard review`: the access review.

mod source;

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use lanyard_analysis::review::{Comparison, Item, Review, ReviewDocument, ReviewText, ReviewedState, write_csv};
use lanyard_analysis::{SENSITIVE_ACTIONS, sensitive_tasks};
use lanyard_answers::{Names, OwnedQuestion, Subject, refuse};
use lanyard_engine::tasks::{self, PREFIX};
use lanyard_local_file::{LARGEST, read_text};
use lanyard_model::Timestamp;
use lanyard_model::catalogue::ResourceType;
use lanyard_model::shown;
use lanyard_model::visible::printable;
use serde_json::{Map, Value};

use source::{ReviewSource, ReviewedInstance};

use crate::failure::Failure;
use crate::output::Json;
use crate::output_file;
use crate::permission_names::PermissionNamesArg;

/// Review who may do something: each user and AI agent, the security profile and permission that give it, the scope, the
/// resources in reach, how certain it is, and since when.
///
/// The text, the files and the JSON of one run have the same rows and the same digest. AI agents are asked as serving
/// customers directly; for a person they can do no more than that.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit status: 0 the review was made, 2 it differs from the one of --compare, 1 an error.\n\nExamples:\n  lanyard \
                  review listen-to-unredacted-recordings\n  lanyard review --all-sensitive --html review.html --csv \
                  review.csv\n  lanyard review Users.Edit SecurityProfiles.Edit --json > review.json\n  lanyard review \
                  Users.Edit SecurityProfiles.Edit --compare review.json"
)]
pub(crate) struct Args {
    /// A task such as listen-to-unredacted-recordings, or a permission such as Users.Edit; with PERMISSION@TYPE on another
    /// type of resource than the first that it acts on
    #[arg(value_name = "TASK-OR-PERMISSION", required_unless_present = "all_sensitive")]
    items: Vec<String>,

    /// Review every sensitive action: power over users and security profiles, unredacted recordings and transcripts, screen
    /// recordings, exports, live conversations
    #[arg(long)]
    all_sensitive: bool,

    #[command(flatten)]
    source: ReviewSource,

    /// Compare with this earlier review, which --json wrote
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    compare: Option<PathBuf>,

    /// Print JSON
    #[arg(long, help_heading = "Output")]
    json: bool,

    /// Write the review as CSV; `-` prints it
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    csv: Option<PathBuf>,

    /// Write the review as Markdown; `-` prints it
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    markdown: Option<PathBuf>,

    /// Write the review as a page of HTML; `-` prints it
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    html: Option<PathBuf>,

    /// The name of the person who makes the review. The default is the user of this machine
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    by: Option<String>,

    #[command(flatten)]
    permission_names: PermissionNamesArg,
}

/// Makes the review, and prints or writes it.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let to_print = [&args.csv, &args.markdown, &args.html].into_iter().flatten().filter(|it| is_output(it)).count();
    if to_print + usize::from(args.json) > 1 {
        return Err(Failure::Message("one form can be printed; give the others files".to_owned()));
    }
    // An earlier review that cannot be read is an error before any work.
    let earlier = args.compare.as_deref().map(read_review).transpose()?;
    let made_at = now();
    let instance = args.source.open()?;
    let names = instance.state.names();
    let items = items(args, &names, &instance)?;
    let state = &instance.state;
    let reviewed =
        ReviewedState { directory: &state.directory, compiled: &state.compiled, unknown_parts: &state.unknown_parts };
    let provenance = instance.provenance(args.by.clone().or_else(user), made_at);
    let review = Review::new(reviewed, items, instance.history.as_ref(), provenance, instance.notes());
    let comparison = match &earlier {
        Some(earlier) => Some(Comparison::new(earlier, &review).map_err(Failure::from_error)?),
        None => None,
    };
    let forms = Forms { review: &review, names: &names, args, comparison: comparison.as_ref() };
    forms.write(to_print > 0, out)?;
    Ok(ExitCode::from(if comparison.is_some_and(|it| it.differs()) { 2 } else { 0 }))
}

/// Whether the path means standard output.
fn is_output(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The forms of a review.
struct Forms<'a> {
    review: &'a Review,
    names: &'a Names<'a>,
    args: &'a Args,
    comparison: Option<&'a Comparison>,
}

impl Forms<'_> {
    fn write(&self, prints_a_form: bool, out: &mut impl Write) -> Result<(), Failure> {
        let Self { review, names, args, comparison } = *self;
        let text = ReviewText { review, catalogue: names.catalogue, names: args.permission_names.get() };
        if let Some(file) = &args.csv {
            let mut csv = String::new();
            // Writing to a string does not fail.
            let _ = write_csv(&mut csv, &review.json(), review.json_rows(), comparison);
            put(file, &csv, out)?;
        }
        if let Some(file) = &args.markdown {
            put(file, &text.markdown(comparison), out)?;
        }
        if let Some(file) = &args.html {
            put(file, &text.html(comparison), out)?;
        }
        match (args.json, comparison) {
            (true, _) => write_json(review, comparison, out)?,
            (false, _) if prints_a_form => {}
            (false, Some(comparison)) => write!(out, "{}", comparison.text())?,
            (false, None) => write!(out, "{}", text.text())?,
        }
        Ok(())
    }
}

fn put(file: &Path, text: &str, out: &mut impl Write) -> Result<(), Failure> {
    if is_output(file) {
        return Ok(write!(out, "{text}")?);
    }
    // A file may be shown on a terminal.
    output_file::write(file, printable(text).as_bytes())
}

/// Writes JSON with a row on each line, so that many rows are never in memory at once.
fn write_json(review: &Review, comparison: Option<&Comparison>, out: &mut impl Write) -> Result<(), Failure> {
    let mut members: Map<String, Value> = review.json();
    if let Some(comparison) = comparison {
        members.insert("comparison".to_owned(), comparison.json());
    }
    writeln!(out, "{{")?;
    for (name, value) in &members {
        let value = format!("{:#}", Json(value)).replace('\n', "\n  ");
        writeln!(out, "  \"{name}\": {value},")?;
    }
    write!(out, "  \"rows\": [")?;
    let mut separator = "";
    for row in review.json_rows() {
        write!(out, "{separator}\n    {}", Json(&row))?;
        separator = ",";
    }
    let end = if separator.is_empty() { "]" } else { "\n  ]" };
    writeln!(out, "{end}\n}}")?;
    Ok(())
}

fn read_review(path: &Path) -> Result<ReviewDocument, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Message(format!("`{}`: {error}", path.display()));
    let text = read_text(path, LARGEST).map_err(|error| failed(&error))?;
    let json = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    ReviewDocument::from_json(json).map_err(|error| failed(&error))
}

/// The items that the arguments name, each once.
fn items(args: &Args, names: &Names<'_>, instance: &ReviewedInstance) -> Result<Vec<Item>, Failure> {
    let mut items: Vec<Item> = Vec::new();
    let named = args.items.iter().map(|text| item(text, names, instance));
    for item in named.chain(args.all_sensitive.then(all_sensitive).into_iter().flatten().map(Ok)) {
        let item = item?;
        if !items.iter().any(|other| other.is_same(&item)) {
            items.push(item);
        }
    }
    Ok(items)
}

/// Every sensitive action, by risk.
fn all_sensitive() -> Vec<Item> {
    let [escalating, live] = sensitive_tasks();
    let of_tasks = |names: Vec<&str>| names.into_iter().filter_map(tasks::find).map(Item::task).collect::<Vec<_>>();
    let actions = SENSITIVE_ACTIONS.iter().map(Item::sensitive);
    of_tasks(escalating).into_iter().chain(actions).chain(of_tasks(live)).collect()
}

fn item(text: &str, names: &Names<'_>, instance: &ReviewedInstance) -> Result<Item, Failure> {
    let (written, on) = match text.rsplit_once('@') {
        Some((action, it)) => (action, Some(resource_type(it)?)),
        None => (text, None),
    };
    let action = names.action(written);
    if matches!(action.as_str(), "ACCESS" | "Invoke" | "Collaborate") {
        return Err(Failure::Message(format!(
            "`{action}` is about one application, flow module or AI agent: `lanyard who-can {action} TYPE:ID` lists who may"
        )));
    }
    let mut item = match names.task(&action) {
        Some(task) => Item::task(task),
        None => Item::permission(&action, names.catalogue),
    };
    if let Some(it) = on {
        item.resource_types = vec![it];
    }
    for it in &item.resource_types {
        check_item(&action, *it, names, instance)?;
    }
    Ok(item)
}

fn resource_type(text: &str) -> Result<ResourceType, Failure> {
    let known = ResourceType::ALL.iter().copied().find(|it| it.as_str().eq_ignore_ascii_case(text));
    known.ok_or_else(|| {
        let names: Vec<_> = ResourceType::ALL.iter().map(|it| it.as_str()).collect();
        Failure::Message(format!("there is no type of resource `{}`; the types are {}", shown(text), names.join(", ")))
    })
}

/// Refuses an item that names nothing that exists, or a type that the action does not act on.
fn check_item(action: &str, it: ResourceType, names: &Names<'_>, instance: &ReviewedInstance) -> Result<(), Failure> {
    let question = OwnedQuestion {
        action: action.to_owned(),
        resource_type: it.as_str().to_owned(),
        id: "*".to_owned(),
        match_some: true,
        // Tools of AI agents are no actions of users.
        subject: Subject::AiAgent("*".to_owned()),
        self_service: true,
        ..OwnedQuestion::default()
    };
    let denial = question.with(|question| instance.state.compiled.denial_for_all(question));
    let denial = denial.map_err(|malformed| Failure::Message(format!("the question makes no sense: {malformed}")))?;
    let Some(denial) = denial else {
        return match action.strip_prefix(PREFIX).filter(|_| names.task(action).is_none()) {
            Some(name) => Err(Failure::Message(format!("there is no task `{}`", shown(name)))),
            None => Ok(()),
        };
    };
    refuse(names, &question, denial)?;
    let mut message = format!("`{}` does not act on {}", shown(action), it.as_str());
    if let Some(hint) = names.hint(denial, &question) {
        let _ = write!(message, "; {hint}");
    }
    Err(Failure::Message(message))
}

/// The present time, by this machine's clock.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The user of this machine, by the environment.
fn user() -> Option<String> {
    ["LOGNAME", "USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty())
}
