//! A state of an instance, and how much of it is known.

use lanyard_engine::UnknownParts;
use lanyard_model::Directory;

use crate::Places;

/// A state of an instance as it was read from somewhere: what is there, what was not seen, and where each thing stands.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// What is there.
    pub directory: Directory,
    /// What may be there and was not seen. What is not seen is never taken for absent: rules that need it are read
    /// both ways.
    pub unknown_parts: UnknownParts,
    /// Where in files each resource and member stands; empty for what was not read from files.
    pub places: Places,
}

impl Configuration {
    /// A state that is wholly known, and stands in no file.
    #[must_use]
    pub fn whole(directory: Directory) -> Self {
        Self { directory, unknown_parts: UnknownParts::default(), places: Places::default() }
    }
}
