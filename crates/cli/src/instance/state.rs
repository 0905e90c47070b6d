//! The state of an instance, compiled for questions.

use std::sync::Arc;

use lanyard_analysis::Configuration;
use lanyard_engine::tasks::Task;
use lanyard_engine::{Compiled, PermissionIndex, UnknownParts};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Directory, Id, Scope, StreamId};

/// One state of an instance, compiled for questions.
pub(crate) struct State {
    pub(crate) directory: Directory,
    /// The parts of the instance that could not be read.
    pub(crate) unknown_parts: UnknownParts,
    pub(crate) compiled: Compiled,
    pub(crate) catalogue: Catalogue,
    /// The instance's identifier.
    pub(crate) instance: Id,
    /// The account and region of the instance, which its ARNs name.
    pub(crate) scope: Option<Scope>,
    /// The tasks of a file.
    pub(crate) further_tasks: Vec<&'static Task>,
}

impl State {
    /// Compiles a configuration.
    pub(crate) fn new(configuration: &Configuration, catalogue: Catalogue) -> Self {
        Self::with_tasks(configuration, catalogue, Vec::new())
    }

    /// Compiles a configuration for questions that may name further tasks.
    pub(crate) fn with_tasks(
        configuration: &Configuration,
        catalogue: Catalogue,
        further_tasks: Vec<&'static Task>,
    ) -> Self {
        let directory = configuration.directory.clone();
        let unknown_parts = configuration.unknown_parts.clone();
        let permission_index = Arc::new(PermissionIndex::new(&catalogue).with_tasks(further_tasks.clone()));
        let compiled = Compiled::with_unknown_parts(&directory, permission_index, &unknown_parts);
        let instance = match directory.stream() {
            StreamId::Instance(id) => id.clone(),
            StreamId::Registry { .. } => Id::new(""),
        };
        let scope = directory.instances.values().next().map(|instance| instance.scope());
        Self { directory, unknown_parts, compiled, catalogue, instance, scope, further_tasks }
    }
}
