//! Files that a command writes because an option names them.
//!
//! Invariants: a link is not followed, and a reader never meets half a file: the contents are written under another name and
//! renamed.

use std::path::Path;

use crate::failure::Failure;

/// Writes or replaces a file.
///
/// # Errors
/// There is a link or something else that is no regular file, or the file cannot be written. The message names it.
pub(crate) fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
    lanyard_local_file::replace(path, contents.as_ref())
        .map_err(|error| Failure::Message(format!("cannot write `{}`: {error}", path.display())))
}
