//! The parts that the commands about access share: the decision point, the form of a question, and the text of an answer.
//!
//! Invariants: the engine decides, in this process or at a server, and [`lanyard_answers`] gives the names and the words in
//! both places.

pub(crate) mod check_or_explain;
pub(crate) mod details;
pub(crate) mod headline;
pub(crate) mod moment;
pub(crate) mod people;
pub(crate) mod possible_holder;
pub(crate) mod server;
pub(crate) mod source;
pub(crate) mod state_args;

use std::process::ExitCode;

use clap::ValueEnum;
use lanyard_engine::Outcome;

use crate::permission_names::PermissionNamesArg;

/// The form of an answer.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Decide open points in this reading: strict refuses access, lenient grants it. Without this option, the answer can
    /// be `undetermined`
    #[arg(long, value_enum, value_name = "READING")]
    pub(crate) reading: Option<Reading>,

    /// Print the answer as JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) permission_names: PermissionNamesArg,
}

/// A reading of open points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reading {
    /// Every open point refuses access
    Strict,
    /// Every open point grants access
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

impl OutputArgs {
    /// The outcome in the reading that was requested, which decides an undetermined one.
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

    /// The exit status of a search.
    pub(crate) fn of_lists(&self, has_allowed: bool, has_undetermined: bool) -> ExitCode {
        self.status(match (has_allowed, has_undetermined) {
            (true, _) => Outcome::Allowed,
            (false, true) => Outcome::Undetermined,
            (false, false) => Outcome::Denied,
        })
    }
}

/// The meanings of the exit status, for the end of each command's help.
pub(crate) const STATUS: &str = "Exit status: 0 allowed, 2 denied, 3 undetermined, 1 the question could not be asked.";
