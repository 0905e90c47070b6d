//! What of an instance is not known to whoever asks.

use std::collections::BTreeSet;

use lanyard_model::{Id, Kind};

/// What may be there and was not seen: not every source of a configuration carries everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unseen {
    /// The security profiles whose restrictions (by tag, by hierarchy, of records) were not seen.
    pub restrictions: BTreeSet<Id>,
    /// The security profiles whose applications, flow modules and AI agents were not seen.
    pub tools: BTreeSet<Id>,
    /// The kinds of which resources may exist that were not seen.
    pub kinds: BTreeSet<Kind>,
    /// What else was not seen, in sentences.
    pub notes: Vec<String>,
}

impl Unseen {
    /// Whether all was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
