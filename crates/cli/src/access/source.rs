//! The flags of the commands that ask questions, and the decision point that answers them: the engine in this process, or
//! a server.

use std::path::PathBuf;

use http::Uri;
use lanyard_store::Moment;

use super::moment;
use super::server::AuthzenClient;
use crate::failure::Failure;
use crate::instance::args::{CaArg, CatalogueArg, DataArg, InstanceArg, TasksArg, default_region};
use crate::instance::parameters::{ParameterArgs, refuse_undeclared};
use crate::output::error_line;

use crate::instance::{Location, State, Target};

/// The instance that questions are about, and the decision point that answers them.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which instance")]
pub(crate) struct QuestionSource {
    #[command(flatten)]
    data: DataArg,

    /// Answer from files instead: a directory that `lanyard pull` wrote, a CloudFormation template, or the output of
    /// `terraform show -json`
    #[arg(long, value_name = "PATH", conflicts_with_all = ["endpoint", "as_of"])]
    files: Option<PathBuf>,

    /// Ask this server instead, over AuthZEN; resources are then named by their identifiers
    #[arg(long, value_name = "URL")]
    endpoint: Option<Uri>,

    /// The bearer token for the server's decision point
    #[arg(long, env = "LANYARD_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,

    #[command(flatten)]
    ca: CaArg,

    #[command(flatten)]
    instance: InstanceArg,

    /// Answer from the state after this revision, or at this time. At a server, the state is read with the key of
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `test`
    #[arg(long, value_name = "REVISION|TIME", value_parser = moment::parse)]
    as_of: Option<Moment>,

    #[command(flatten)]
    catalogue: CatalogueArg,

    #[command(flatten)]
    parameters: ParameterArgs,

    #[command(flatten)]
    tasks: TasksArg,
}

/// A decision point.
pub(crate) enum DecisionPoint {
    /// The engine in this process, over one state.
    Local(Box<State>),
    /// A server.
    Remote(Box<AuthzenClient>),
}

impl QuestionSource {
    /// Reads the instance's state, or prepares the calls of the server.
    pub(crate) fn open(&self) -> Result<DecisionPoint, Failure> {
        if let (Some(endpoint), None) = (&self.endpoint, self.as_of) {
            self.tasks.refuse_at_server()?;
            let instance = self.instance.instance.as_deref();
            let client = AuthzenClient::new(endpoint.clone(), self.ca.ca.clone(), self.token.clone(), instance)?;
            return Ok(DecisionPoint::Remote(Box::new(client)));
        }
        let catalogue = self.catalogue.catalogue()?;
        let tasks = self.tasks.read(&catalogue)?;
        let options = self.parameters.options()?;
        let located = self.target().read_with(self.as_of, &options)?;
        refuse_undeclared(&options, &[&located])?;
        if let Some(note) = located.file_facts.undecided() {
            error_line(format_args!("note: not seen: {note}; --parameter decides"));
        }
        Ok(DecisionPoint::Local(Box::new(State::with_tasks(&located.configuration, catalogue, tasks))))
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
