//! The state of a review, and the dates from its history.

use std::path::PathBuf;

use http::Uri;
use lanyard_analysis::Origin;
use lanyard_analysis::review::{History, Provenance};
use lanyard_model::{Timestamp, shown};
use lanyard_store::Moment;

use crate::access::moment;
use crate::failure::Failure;
use crate::instance::args::{CaArg, CatalogueArg, DataArg, InstanceArg, TasksArg, default_region};
use crate::instance::parameters::{ParameterArgs, refuse_undeclared};
use crate::instance::{Instance, LocatedState, Location, State, Target};

/// The number of entries that are read at a time.
const STEP: usize = 500;

/// The instance that a review is about.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which instance")]
pub(super) struct ReviewSource {
    #[command(flatten)]
    data: DataArg,

    /// Review files instead: a directory that `lanyard pull` wrote, a CloudFormation template, or the output of
    /// `terraform show -json`
    #[arg(long, value_name = "PATH", conflicts_with_all = ["endpoint", "as_of", "archive"])]
    files: Option<PathBuf>,

    /// A running server instead, called with the key of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `test`
    #[arg(long, value_name = "URL")]
    endpoint: Option<Uri>,

    #[command(flatten)]
    ca: CaArg,

    #[command(flatten)]
    instance: InstanceArg,

    /// Review the state after this revision, or at this time
    #[arg(long, value_name = "REVISION|TIME", value_parser = moment::parse)]
    as_of: Option<Moment>,

    /// The file of an archive, whose entries date the grants with those that are left. Can be repeated
    #[arg(long, value_name = "FILE")]
    archive: Vec<PathBuf>,

    #[command(flatten)]
    catalogue: CatalogueArg,

    #[command(flatten)]
    parameters: ParameterArgs,

    #[command(flatten)]
    tasks: TasksArg,
}

/// A state for a review.
pub(super) struct ReviewedInstance {
    pub(super) state: State,
    pub(super) history: Option<History>,
    origin: Origin,
    /// Further notes, one sentence each.
    notes: Vec<String>,
}

impl ReviewSource {
    /// Reads the state and the history of the instance.
    pub(super) fn open(&self) -> Result<ReviewedInstance, Failure> {
        let catalogue = self.catalogue.catalogue()?;
        let tasks = self.tasks.read(&catalogue)?;
        let options = self.parameters.options()?;
        let located = self.target().read_with(self.as_of, &options)?;
        refuse_undeclared(&options, &[&located])?;
        let mut notes = Vec::new();
        notes.extend(located.file_facts.undecided().map(|note| format!("not seen: {note}; --parameter decides")));
        let LocatedState { configuration, origin, instance, .. } = located;
        let state = State::with_tasks(&configuration, catalogue, tasks);
        let history = match instance {
            Some(instance) => {
                let instance = instance.with_archives(&self.archive)?;
                Some(history(&instance, state.directory.revision(), &mut notes)?)
            }
            None => None,
        };
        Ok(ReviewedInstance { state, history, origin, notes })
    }

    fn target(&self) -> Target {
        let location = match (&self.files, &self.endpoint) {
            (Some(path), _) => Location::Files(path.clone()),
            (None, Some(endpoint)) => Location::server(endpoint.clone(), self.ca.ca.clone(), &default_region()),
            (None, None) => self.data.location(),
        };
        Target { location, instance: self.instance.instance.clone() }
    }
}

/// Follows the entries of the log up to a revision.
fn history(instance: &Instance, last: u64, notes: &mut Vec<String>) -> Result<History, Failure> {
    let mut history = History::default();
    let mut after = 0;
    if let Some(unread) = instance.unread()? {
        after = unread.revision;
        notes.push(format!(
            "the entries up to revision {after} were archived, so that no grant from before is dated; --archive FILE reads them"
        ));
    }
    while after < last {
        let entries = instance.log(after, STEP)?;
        if entries.is_empty() {
            break;
        }
        for logged in entries.iter().filter(|logged| logged.revision <= last) {
            history.follow(logged.revision, &logged.entry);
        }
        after = entries.last().map_or(last, |logged| logged.revision);
    }
    Ok(history)
}

impl ReviewedInstance {
    /// The parts that were not seen, and further notes.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = self.state.view().not_seen();
        notes.extend(self.notes.iter().cloned());
        notes
    }

    /// The source of a review that is made now.
    pub(super) fn provenance(&self, made_by: Option<String>, made_at: Timestamp) -> Provenance {
        let directory = &self.state.directory;
        let alias = directory.instances.values().next().and_then(|instance| instance.alias.clone());
        let revision = (directory.revision() > 0).then(|| (directory.revision(), directory.time()));
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let instance = self.state.names().instance().to_string();
        Provenance { made_by, made_at, version, source: source(&self.origin), instance, alias, revision }
    }
}

/// The place of a state in words.
fn source(origin: &Origin) -> String {
    match origin {
        Origin::DataDirectory { path } => format!("data directory {}", shown(path)),
        Origin::Files { path } => format!("files {}", shown(path)),
        Origin::Lanyard { endpoint } => format!("server {}", shown(endpoint)),
        Origin::AmazonConnect { region, .. } => format!("Amazon Connect in {}", shown(region)),
    }
}
