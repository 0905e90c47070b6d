//! The state of an instance in files: the directories that `lanyard pull` writes, CloudFormation templates, and what
//! `terraform show -json` prints.
//!
//! What always holds: what a format does not carry is not seen, never absent; and what was written is read back as it
//! was. `docs/files.md` shows the formats by example.

mod directory;
mod emit;
mod fault;
mod members;
mod names;
mod tree;

use std::path::Path;

use lanyard_prove::Configuration;

pub use directory::write;
pub use fault::Fault;

/// Reads the state of an instance from a directory as [`write`] makes it.
///
/// What has no identifier yet gets a [provisional](lanyard_prove::provisional) one. The state has revision 0 and holds
/// what files [carry](lanyard_prove::carried); kinds whose file is not there were not seen.
///
/// # Errors
/// The first thing that was wrong, with its place.
pub fn read(path: &Path) -> Result<Configuration, Fault> {
    directory::read(path)
}
