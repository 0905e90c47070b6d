//! What an instance publishes: its directory, and the same prepared for decisions.
//!
//! Both are always of the same revision. A write prepares what it changed, never the whole instance.

use std::ops::Deref;
use std::sync::Arc;

use lanyard_engine::{Compiled, Lexicon};
use lanyard_model::{Change, Directory};

use crate::lane::State;

/// An instance at one revision.
#[derive(Clone)]
pub(crate) struct Snapshot {
    directory: Directory,
    compiled: Arc<Compiled>,
}

impl Snapshot {
    /// Prepares the whole of a directory: for an instance that begins to be served.
    pub(crate) fn new(directory: Directory, lexicon: Arc<Lexicon>) -> Self {
        let compiled = Arc::new(Compiled::new(&directory, lexicon));
        Self { directory, compiled }
    }

    /// What answers questions.
    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }
}

impl Deref for Snapshot {
    type Target = Directory;
    fn deref(&self) -> &Directory {
        &self.directory
    }
}

impl State for Snapshot {
    fn directory(&self) -> &Directory {
        &self.directory
    }

    fn advanced(&self, next: Directory, changes: &[Change]) -> Self {
        let mut compiled = Compiled::clone(&self.compiled);
        compiled.apply(changes);
        Self { directory: next, compiled: Arc::new(compiled) }
    }
}
