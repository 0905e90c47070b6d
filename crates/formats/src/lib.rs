//! The state of an instance in files: the directories that `lanyard pull` writes, CloudFormation templates, and what
//! `terraform show -json` prints.
//!
//! What always holds: what a format does not carry is not seen, never absent; and what was written is read back as it
//! was. `docs/files.md` shows the formats by example.

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

pub use directory::write;
pub use expectations::{Expectation, read_expectations};
pub use fault::Fault;
pub use promotion::{Promotion, read_promotion};
pub use suppressions::read_suppressions;

/// Reads the state of an instance from a directory as [`write`] makes it, from a CloudFormation template (JSON or YAML),
/// or from what `terraform show -json` printed; which of them it is, the content says.
///
/// What has no identifier yet gets a [provisional](lanyard_analysis::provisional) one. The state has revision 0 and holds
/// what files [carry](lanyard_analysis::carried). Of a directory, kinds whose file is not there were not seen; of the other
/// formats, no kind was seen in full.
///
/// # Errors
/// The first thing that was wrong, with its place.
pub fn read(path: &Path) -> Result<Configuration, Fault> {
    read_over(path, &[])
}

/// The same with overlays, which only a directory can have: directories of the same form, each over what is before it.
///
/// What a file of an overlay says replaces what the file of that name says: member by member, and in files that are
/// lists, item by item, found by name. A member that is given and empty is taken away. Where a member is a list of
/// texts, an overlay may instead give `Add` and `Remove`, each a list of texts. What is not there is added.
///
/// # Errors
/// The first thing that was wrong, with its place.
pub fn read_over(path: &Path, overlays: &[PathBuf]) -> Result<Configuration, Fault> {
    if path.is_dir() {
        return directory::read(path, overlays);
    }
    if !overlays.is_empty() {
        return Err(Fault::whole(format!(
            "`{}` is no directory, and only a directory can have overlays",
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
        true => format!("`{name}` is a state as Terraform keeps it; read what `terraform show -json` prints"),
        false => format!(
            "`{name}` is neither a CloudFormation template, which has `Resources`, nor what `terraform show -json` \
             prints; a pulled directory is read as a whole"
        ),
    }))
}

/// Reads JSON or YAML: JSON where it begins like it, unless the file is called YAML.
fn document(file: &Source, path: &Path, text: &str) -> Result<Node, Fault> {
    let is_called_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let begins_like_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if begins_like_json && !is_called_yaml { json::parse(file, text) } else { tree::parse(file, text) }
}
