//! The pulled directory: a readable file for each security profile, and one for each other kind.
//!
//! What always holds: a file for a kind that was seen is there even when nothing is of that kind, so that a file that is
//! not there means that the kind was not seen. Members are called as in the API; one that is a reference there, by
//! identifier, is called the same without `Id` here and names what it refers to.

mod layout;
mod read;
mod read_profile;
mod write;

pub(crate) use read::{IN_TABLES, read};
pub use write::write;
