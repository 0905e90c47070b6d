//! The pulled directory: a readable file for each security profile, and one for each other kind.
//!
//! Invariants: a known kind has a file even when it has no resources, so a missing file means that the kind is
//! unknown. Members have the names of the API. A reference, which is an identifier in the API, has the API's name
//! without `Id`, and its value is the name of the resource.

mod layout;
mod misplaced;
mod read;
mod read_profile;
mod read_users;
mod write;

pub use read::IN_TABLES;
pub(crate) use read::read;
pub use write::write;

/// Whether the directory has a file of the format.
pub(crate) fn is_it(dir: &std::path::Path) -> bool {
    layout::files().any(|name| dir.join(name).exists())
}
