//! The flags of the commands that ask questions, and the decision point that answers them: the engine in this process, or
//! a server.

use std::path::PathBuf;

use http::Uri;
use lanyard_answers::{Basis, Checked, NotUnderstood, StateView, WhatCan, WhoCan, WrittenQuestion};
use lanyard_model::catalogue::Catalogue;
use lanyard_store::Moment;
use serde::de::DeserializeOwned;

use super::people::{NamesPeople, People};
use super::server::DecisionClient;
use super::{headline, moment};
use crate::failure::Failure;
use crate::instance::args::{CaArg, CatalogueArg, DataArg, InstanceArg, TasksArg, default_region};
use crate::instance::parameters::{ParameterArgs, refuse_undeclared};
use crate::output::error_line;
use crate::pull_record;

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

    /// Ask the decision point of this server instead
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

/// A decision point, and the names that it knows.
pub(crate) struct DecisionPoint {
    pub(crate) backend: Backend,
    catalogue: Catalogue,
    people: People,
    /// The revision at which the files were pulled.
    pulled_revision: Option<u64>,
}

pub(crate) enum Backend {
    /// The engine in this process, over one state.
    Local(Box<State>),
    /// A server.
    Remote(Box<DecisionClient>),
}

impl QuestionSource {
    /// Reads the instance's state, or prepares the calls of the server.
    pub(crate) fn open(&self) -> Result<DecisionPoint, Failure> {
        let catalogue = self.catalogue.catalogue()?;
        if let (Some(endpoint), None) = (&self.endpoint, self.as_of) {
            self.tasks.refuse_at_server()?;
            let instance = self.instance.instance.as_deref();
            let client = DecisionClient::new(endpoint.clone(), self.ca.ca.clone(), self.token.clone(), instance)?;
            let backend = Backend::Remote(Box::new(client));
            return Ok(DecisionPoint { backend, catalogue, people: People::default(), pulled_revision: None });
        }
        let tasks = self.tasks.read(&catalogue)?;
        let options = self.parameters.options()?;
        let located = self.target().read_with(self.as_of, &options)?;
        refuse_undeclared(&options, &[&located])?;
        if let Some(note) = located.file_facts.undecided() {
            error_line(format_args!("note: not seen: {note}; --parameter decides"));
        }
        let people = self.files.as_deref().map(|path| People::in_files(path, &located.configuration.directory));
        let backend = Backend::Local(Box::new(State::with_tasks(&located.configuration, catalogue.clone(), tasks)));
        let pulled = self.files.as_deref().filter(|path| path.is_dir()).map(pull_record::read).transpose()?.flatten();
        let pulled_revision = pulled.and_then(|record| record.revision);
        Ok(DecisionPoint { backend, catalogue, people: people.transpose()?.unwrap_or_default(), pulled_revision })
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

impl DecisionPoint {
    /// The permissions that are known here.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The state that an answer rests on, as text; `None` for files that are of no known revision.
    pub(crate) fn basis(&self, basis: Basis) -> Option<String> {
        let of_files = || self.pulled_revision.map(|revision| format!("files that were pulled at revision {revision}"));
        headline::basis(basis).or_else(of_files)
    }

    /// The state, where the engine decides in this process.
    pub(crate) fn state(&self) -> Option<&State> {
        match &self.backend {
            Backend::Local(state) => Some(state),
            Backend::Remote(_) => None,
        }
    }

    /// Answers one question.
    ///
    /// # Errors
    /// The question names something that does not exist, or the server refuses it.
    pub(crate) fn check(&self, question: WrittenQuestion) -> Result<Checked, Failure> {
        self.answer("check", question, lanyard_answers::check)
    }

    /// Finds the principals that may do something.
    ///
    /// # Errors
    /// Those of [`Self::check`].
    pub(crate) fn who_can(&self, question: WrittenQuestion) -> Result<WhoCan, Failure> {
        self.answer("who-can", question, lanyard_answers::who_can)
    }

    /// Finds everything that a principal may do.
    ///
    /// # Errors
    /// Those of [`Self::check`].
    pub(crate) fn what_can(&self, question: WrittenQuestion) -> Result<WhatCan, Failure> {
        self.answer("what-can", question, lanyard_answers::what_can)
    }

    fn answer<T: DeserializeOwned + NamesPeople>(
        &self,
        kind: &str,
        question: WrittenQuestion,
        local: impl Fn(&StateView<'_>, &WrittenQuestion) -> Result<T, NotUnderstood>,
    ) -> Result<T, Failure> {
        match &self.backend {
            Backend::Remote(server) => server.ask(kind, &question),
            Backend::Local(state) => {
                let (question, known_as) = self.people.with_pseudonyms(question, &state.directory);
                let mut answer =
                    local(&state.view(), &question).map_err(|reason| self.people.explain(reason.into()))?;
                answer.restore_names(&known_as);
                Ok(answer)
            }
        }
    }
}
