//! A state of an instance, and its unknown parts.

use lanyard_engine::UnknownParts;
use lanyard_model::Directory;

use crate::Places;

/// A state of an instance as it was read from a source: its resources, its unknown parts, and the places in files.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The resources.
    pub directory: Directory,
    /// The parts that may exist and are unknown. Unknown data is never taken for absent: rules that need it are read
    /// in both readings.
    pub unknown_parts: UnknownParts,
    /// The places of resources and members in files; empty for a state that was not read from files.
    pub places: Places,
}

impl Configuration {
    /// A fully known state that was not read from files.
    #[must_use]
    pub fn whole(directory: Directory) -> Self {
        Self { directory, unknown_parts: UnknownParts::default(), places: Places::default() }
    }
}
