//! The published state of an instance: its directory, and the same prepared for decisions.
//!
//! Both are always of the same revision. A write prepares only its changes, never the whole instance.

use std::ops::Deref;
use std::sync::Arc;

use lanyard_engine::{Compiled, PermissionIndex};
use lanyard_model::{Change, Directory};

use crate::stream_writer::{StreamState, Tip};

/// An instance at one revision.
#[derive(Clone)]
pub struct Snapshot {
    directory: Directory,
    compiled: Arc<Compiled>,
}

impl Snapshot {
    /// Prepares the whole of a directory: for an instance that begins to be served.
    pub fn new(directory: Directory, permission_index: Arc<PermissionIndex>) -> Self {
        let compiled = Arc::new(Compiled::new(&directory, permission_index));
        Self { directory, compiled }
    }

    /// The same of a stream as the store has it.
    pub fn tip(tip: &Tip<Directory>, permission_index: Arc<PermissionIndex>) -> Tip<Self> {
        let state = Arc::new(Self::new(Directory::clone(&tip.state), permission_index));
        Tip { state, position: tip.position }
    }

    /// The state prepared for questions.
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }
}

impl Deref for Snapshot {
    type Target = Directory;
    fn deref(&self) -> &Directory {
        &self.directory
    }
}

impl StreamState for Snapshot {
    fn directory(&self) -> &Directory {
        &self.directory
    }

    fn apply(&self, next: Directory, changes: &[Change]) -> Self {
        let mut compiled = Compiled::clone(&self.compiled);
        compiled.apply(changes);
        Self { directory: next, compiled: Arc::new(compiled) }
    }

    fn load(&self, directory: Directory) -> Self {
        Self::new(directory, Arc::clone(self.compiled.permission_index()))
    }
}
