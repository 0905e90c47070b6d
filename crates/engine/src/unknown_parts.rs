//! The unknown parts of an instance.

use std::collections::BTreeSet;

use lanyard_model::{Id, Key, Kind};

/// The parts that may exist and are unknown: not every source of a configuration carries everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownParts {
    /// The security profiles whose restrictions (by tag, by hierarchy, of records) are unknown.
    pub restrictions: BTreeSet<Id>,
    /// The security profiles that may hold more permissions than the listed ones. A principal that holds one counts as
    /// holding an unknown profile too.
    pub permissions: BTreeSet<Id>,
    /// The resources whose tags are unknown, or known in part.
    pub tags: BTreeSet<Key>,
    /// The security profiles whose applications, flow modules and AI agents are unknown.
    pub tools: BTreeSet<Id>,
    /// The kinds of which unknown resources may exist.
    pub kinds: BTreeSet<Kind>,
    /// Other unknown parts, in sentences.
    pub notes: Vec<String>,
}

impl UnknownParts {
    /// Whether everything is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Stands for the number of a resource of which it is not known whether it exists.
pub(crate) const MAYBE: u32 = u32::MAX;
