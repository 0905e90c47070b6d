//! What the commands that ask about access have in common: where they ask, how a question is written, and how an
//! answer is told.
//!
//! What always holds: the answer is the engine's, here or at a server. Names are turned into identifiers before and
//! back afterwards, and nothing else is decided here.

pub(crate) mod moment;
pub(crate) mod names;
pub(crate) mod near;
pub(crate) mod one;
pub(crate) mod question;
pub(crate) mod remedy;
pub(crate) mod server;
pub(crate) mod source;
pub(crate) mod state_args;
pub(crate) mod text;
pub(crate) mod unknown_parts;

use std::process::ExitCode;

use clap::ValueEnum;
use lanyard_engine::Outcome;
use lanyard_model::catalogue::Catalogue;

use names::{Here, Names};
use source::DecisionPoint;

use crate::instance::State;

/// How an answer is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Narrative {
    /// Decide in this reading of the open points: strict reads each so that access is refused, lenient so that it is
    /// granted. Without it, the answer may be `undetermined`
    #[arg(long, value_enum, value_name = "READING")]
    pub(crate) reading: Option<Reading>,

    /// Print the answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How open points are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reading {
    /// Every open point is read so that access is refused
    Strict,
    /// Every open point is read so that access is granted
    Lenient,
}

impl Reading {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Lenient => "lenient",
        }
    }
}

impl Narrative {
    /// The outcome that counts: in a reading, what is undetermined is decided.
    pub(crate) fn counts(&self, outcome: Outcome) -> Outcome {
        match (self.reading, outcome) {
            (Some(Reading::Strict), Outcome::Undetermined) => Outcome::Denied,
            (Some(Reading::Lenient), Outcome::Undetermined) => Outcome::Allowed,
            _ => outcome,
        }
    }

    /// The exit status of an outcome: 0 allowed, 2 denied, 3 undetermined.
    pub(crate) fn status(&self, outcome: Outcome) -> ExitCode {
        ExitCode::from(match self.counts(outcome) {
            Outcome::Allowed => 0,
            Outcome::Denied => 2,
            Outcome::Undetermined => 3,
        })
    }

    /// What some being allowed and others undetermined comes to.
    pub(crate) fn of_lists(&self, has_allowed: bool, has_undetermined: bool) -> ExitCode {
        self.status(match (has_allowed, has_undetermined) {
            (true, _) => Outcome::Allowed,
            (false, true) => Outcome::Undetermined,
            (false, false) => Outcome::Denied,
        })
    }
}

/// What the exit status says, for the end of each command's help.
pub(crate) const STATUS: &str = "Exit status: 0 allowed, 2 denied, 3 undetermined, 1 the question could not be asked.";

impl State {
    /// The names there are.
    pub(crate) fn names(&self) -> Names<'_> {
        let here = Here { directory: &self.directory, instance: &self.instance, scope: self.scope.as_ref() };
        Names { catalogue: &self.catalogue, here: Some(here) }
    }
}

impl DecisionPoint {
    /// The names there are: at a server, those of the catalogue alone.
    pub(crate) fn names(&self) -> Names<'_> {
        match self {
            Self::Local(state) => state.names(),
            Self::Remote(_) => Names { catalogue: Catalogue::builtin(), here: None },
        }
    }
}
