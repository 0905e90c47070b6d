//! The flags of the commands that read a whole state from a path: `lint` and `gate`.

use std::path::Path;

use lanyard_analysis::Configuration;

use crate::failure::Failure;
use crate::instance::args::{CatalogueArg, InstanceArg};
use crate::instance::{Location, State, Target};
use crate::stores::Place;

/// The instance and the catalogue. `--instance` chooses among the instances of a data directory or server.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which instance")]
pub(crate) struct StateArgs {
    #[command(flatten)]
    instance: InstanceArg,

    #[command(flatten)]
    catalogue: CatalogueArg,
}

/// A state that was read, and the same compiled for questions.
pub(crate) struct ReadState {
    pub(crate) configuration: Configuration,
    pub(crate) state: State,
}

impl StateArgs {
    /// Reads the state at the path: a data directory, files, or the address of a server.
    pub(crate) fn read(&self, path: &Path) -> Result<ReadState, Failure> {
        self.read_target(&Target::parse(path, self.instance.instance.as_deref())?)
    }

    /// Reads the state of a data directory.
    pub(crate) fn read_data(&self, path: &Path) -> Result<ReadState, Failure> {
        let location = Location::Data(Place::new(path));
        self.read_target(&Target { location, instance: self.instance.instance.clone() })
    }

    fn read_target(&self, target: &Target) -> Result<ReadState, Failure> {
        let configuration = target.read(None)?.configuration;
        let state = State::new(&configuration, self.catalogue.catalogue()?);
        Ok(ReadState { configuration, state })
    }
}
