//! The state of an instance, compiled for questions.

use std::sync::Arc;

use lanyard_analysis::Configuration;
use lanyard_answers::{Names, StateView};
use lanyard_engine::tasks::Task;
use lanyard_engine::{Compiled, PermissionIndex, UnknownParts};
use lanyard_model::Directory;
use lanyard_model::catalogue::Catalogue;

/// One state of an instance, compiled for questions.
pub(crate) struct State {
    pub(crate) directory: Directory,
    /// The parts of the instance that could not be read.
    pub(crate) unknown_parts: UnknownParts,
    pub(crate) compiled: Compiled,
    pub(crate) catalogue: Catalogue,
}

impl State {
    /// Compiles a configuration.
    pub(crate) fn new(configuration: &Configuration, catalogue: Catalogue) -> Self {
        Self::with_tasks(configuration, catalogue, Vec::new())
    }

    /// Compiles a configuration for questions that may name further tasks.
    pub(crate) fn with_tasks(configuration: &Configuration, catalogue: Catalogue, tasks: Vec<&'static Task>) -> Self {
        let directory = configuration.directory.clone();
        let unknown_parts = configuration.unknown_parts.clone();
        let permission_index = Arc::new(PermissionIndex::new(&catalogue).with_tasks(tasks));
        let compiled = Compiled::with_unknown_parts(&directory, permission_index, &unknown_parts);
        Self { directory, unknown_parts, compiled, catalogue }
    }

    /// The state as questions see it.
    pub(crate) fn view(&self) -> StateView<'_> {
        let Self { directory, unknown_parts, compiled, catalogue } = self;
        StateView { directory, compiled, unknown_parts, catalogue }
    }

    /// The names of this state.
    pub(crate) fn names(&self) -> Names<'_> {
        self.view().names()
    }
}
