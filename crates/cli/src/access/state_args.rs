//! A state that is looked at as a whole: in files, in a data directory, or at a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lanyard_analysis::Configuration;
use lanyard_engine::{Compiled, PermissionIndex};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Id, StreamId};

use super::source::State;
use crate::commands::Failure;
use crate::commands::serve::extended_catalogue;
use crate::origin::read_at;

/// Which instance is looked at, and with which catalogue.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What to look at")]
pub(crate) struct Looking {
    /// The instance of a data directory or server, by identifier, alias or ARN; may be left out where there is only one
    #[arg(long, env = "LANYARD_INSTANCE", value_name = "INSTANCE")]
    instance: Option<String>,

    /// A file of permissions to add to the catalogue, as `lanyard serve` takes it
    #[arg(long, env = "LANYARD_PERMISSIONS", value_name = "FILE")]
    permissions: Option<PathBuf>,
}

/// A state as a whole.
pub(crate) struct Looked {
    pub(crate) configuration: Configuration,
    /// The same, ready to be asked.
    pub(crate) state: State,
}

impl Looking {
    /// Reads what is at the path: a data directory, files, or the address of a server.
    pub(crate) fn open(&self, path: &Path) -> Result<Looked, Failure> {
        let catalogue = match &self.permissions {
            Some(file) => extended_catalogue(file)?,
            None => Catalogue::builtin().clone(),
        };
        let (configuration, _) = read_at(path, self.instance.as_deref())?;
        let directory = configuration.directory.clone();
        let unknown_parts = configuration.unknown_parts.clone();
        let compiled = Compiled::with_unseen(&directory, Arc::new(PermissionIndex::new(&catalogue)), &unknown_parts);
        let instance = match directory.stream() {
            StreamId::Instance(id) => id.clone(),
            StreamId::Registry { .. } => Id::new(""),
        };
        let scope = directory.instances.values().next().map(|instance| instance.scope());
        let state = State { directory, unknown_parts, compiled, catalogue, instance, scope };
        Ok(Looked { configuration, state })
    }
}
