//! The state of an instance in files: the directories that `lanyard pull` writes, CloudFormation templates, and the
//! output of `terraform show -json`.
//!
//! Invariants: data that a format does not contain is unknown, never absent; and a written state reads back
//! unchanged. `docs/files.md` shows the formats by example.

mod cloudformation;
mod declared;
mod directory;
mod emit;
mod expectations;
mod fault;
mod intrinsics;
mod json;
mod members;
mod names;
mod overlay;
mod own;
mod plain;
mod promotion;
mod source;
mod suppressions;
mod terraform;
mod tree;

use std::path::{Path, PathBuf};

use lanyard_analysis::Configuration;
use source::Source;
use tree::Node;

pub use directory::{IN_TABLES as NEVER_IN_FILES, write};
pub use expectations::{Expectation, read_expectations};
pub use fault::Fault;
pub use promotion::{Promotion, read_promotion};
pub use suppressions::read_suppressions;

/// Reads the state of an instance from a directory of [`write`], from a CloudFormation template (JSON or YAML), or
/// from the output of `terraform show -json`. The content determines the format.
///
/// A resource without an identifier gets a [provisional](lanyard_analysis::provisional) one. The state has revision 0
/// and holds the [portable](lanyard_analysis::portable()) members. In a directory, a kind without a file is unknown;
/// in the other formats, no kind is fully known.
///
/// # Errors
/// The first error, with its place.
pub fn read(path: &Path) -> Result<Configuration, Fault> {
    read_over(path, &[])
}

/// Reads a directory with overlays: directories of the same form, each applied to the result of those before it.
///
/// A file of an overlay changes the file of the same name: member by member, and in files that are lists, item by
/// item, matched by name. An empty member removes the member. Where a member is a list of strings, an overlay may
/// instead have `Add` and `Remove`, each a list of strings. A missing item or file is added.
///
/// # Errors
/// The first error, with its place.
pub fn read_over(path: &Path, overlays: &[PathBuf]) -> Result<Configuration, Fault> {
    if path.is_dir() {
        return directory::read(path, overlays);
    }
    if !overlays.is_empty() {
        return Err(Fault::whole(format!(
            "`{}` is not a directory, and only a directory can have overlays",
            path.display()
        )));
    }
    let text = fault::text_of(path)?;
    let file: Source = path.display().to_string().into();
    let root = document(&file, path, &text)?;
    if terraform::is_it(&root) {
        return terraform::read(&file, &root);
    }
    if cloudformation::is_it(&root) {
        return cloudformation::read(&file, &root);
    }
    let name = path.display();
    Err(Fault::whole(match terraform::is_raw_state(&root) {
        true => format!("`{name}` is a state file of Terraform; use the output of `terraform show -json`"),
        false => format!(
            "`{name}` is neither a CloudFormation template, which has `Resources`, nor output of `terraform show \
             -json`; for a pulled directory, name the directory"
        ),
    }))
}

/// Reads JSON or YAML: JSON where the text begins like JSON, unless the file has a YAML extension.
fn document(file: &Source, path: &Path, text: &str) -> Result<Node, Fault> {
    let is_called_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let begins_like_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if begins_like_json && !is_called_yaml { json::parse(file, text) } else { tree::parse(file, text) }
}
