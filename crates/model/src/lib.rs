//! The model of access: identifiers, tags, the permission catalogue, the resources of a contact centre, and [`Change`],
//! the only way to change state.
//!
//! Nothing here does I/O, reads a clock or makes randomness: times and identifiers are given. One stream's whole state
//! is one [`Directory`], an immutable value with structural sharing, so that readers never wait for writers.

pub mod arn;
pub mod catalogue;
pub mod change;
pub mod directory;
pub mod id;
pub mod kind;
pub mod resources;
pub mod stream;
pub mod time;
pub mod visible;

pub use arn::Scope;
pub use change::{Change, Draft, Entry, ErasedEntry, Erasure, Invalid};
pub use directory::Directory;
pub use id::{Id, IdRef};
pub use kind::{Key, Kind, Names, Resource, Stored, Tabled};
pub use stream::StreamId;
pub use time::Timestamp;
pub use visible::{Visible, into_shown, shown};

/// Tags of a resource, or the tags a profile asks for: key to value, both case-sensitive.
///
/// A tag without a value is a tag with the empty value (`decision-semantics`, rule 4).
pub type Tags = std::collections::BTreeMap<String, String>;
