//! The state of an instance in files: the directories that `lanyard pull` writes, CloudFormation templates, and the
//! output of `terraform show -json`.
//!
//! Invariants: data that a format does not contain is unknown, never absent; and a written state reads back
//! unchanged. `docs/files.md` shows the formats by example.

mod api_calls;
mod cloudformation;
mod declared;
mod directory;
mod document;
mod emit;
mod expectations;
mod exports;
mod fault;
mod json;
mod matrix;
mod members;
mod names;
mod options;
mod overlay;
mod own;
mod parameters;
mod plain;
mod promotion;
mod restricted;
mod source;
mod suppressions;
mod tasks;
mod terraform;
mod tree;
mod unread;

use std::path::{Path, PathBuf};

use lanyard_analysis::Configuration;
use source::Source;

pub use directory::{IN_TABLES as NEVER_IN_FILES, write};
pub use expectations::{Expectation, ExpectedSubject, read_expectations};
pub use fault::Fault;
pub use options::{Assumed, ReadOptions, Variable};
pub use parameters::read_parameters;
pub use promotion::{Promotion, read_promotion};
pub use suppressions::read_suppressions;
pub use tasks::read_tasks;

/// The state in files, and facts about the files.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The state.
    pub configuration: Configuration,
    /// The files or the directory, as named by the caller, and the templates of nested stacks.
    pub files: Vec<String>,
    /// The parameters that a template declares.
    pub parameters: Vec<String>,
    /// The variables that the conditions of a template depend on and that no given parameter decides.
    pub variables: Vec<Variable>,
}

impl Reading {
    fn of(path: &Path, configuration: Configuration) -> Self {
        let files = vec![path.display().to_string()];
        Self { configuration, files, parameters: Vec::new(), variables: Vec::new() }
    }
}

/// Reads the state of an instance as [`read_with`] does, without overlays and with the defaults of all parameters.
///
/// # Errors
/// The errors, with their places.
pub fn read(path: &Path) -> Result<Configuration, Fault> {
    read_over(path, &[])
}

/// Reads as [`read_with`] does, with the defaults of all parameters.
///
/// # Errors
/// The errors, with their places.
pub fn read_over(path: &Path, overlays: &[PathBuf]) -> Result<Configuration, Fault> {
    read_with(path, overlays, &ReadOptions::default()).map(|reading| reading.configuration)
}

/// Reads the state of an instance from a directory of [`write`], from a CloudFormation template (JSON or YAML), or
/// from the output of `terraform show -json`. The content determines the format.
///
/// A resource without an identifier gets a [provisional](lanyard_analysis::provisional) one. The state has revision 0
/// and holds the [portable](lanyard_analysis::portable()) members. In a directory, a kind without a file is unknown;
/// in the other formats, no kind is fully known.
///
/// A directory may have overlays: directories of the same form, each applied to the result of those before it. A file
/// of an overlay changes the file of the same name: member by member, and in files that are lists, item by item, matched
/// by name. An empty member removes the member. Where a member is a list of strings, an overlay may instead have `Add`
/// and `Remove`, each a list of strings. A missing item or file is added.
///
/// # Errors
/// The errors, with their places.
pub fn read_with(path: &Path, overlays: &[PathBuf], options: &ReadOptions) -> Result<Reading, Fault> {
    if path.is_dir() {
        let files = if overlays.is_empty() && !directory::is_it(path) { exports::files(path)? } else { Vec::new() };
        if !files.is_empty() {
            return Ok(Reading::of(path, exports::read(&files)?));
        }
        own_language(path)?;
        return Ok(Reading::of(path, directory::read(path, overlays)?));
    }
    if !overlays.is_empty() {
        return Err(Fault::whole(format!(
            "`{}` is not a directory, and only a directory can have overlays",
            path.display()
        )));
    }
    own_language(path)?;
    if exports::has_ending(path, "csv") {
        return Ok(Reading::of(path, exports::read(&[path.to_owned()])?));
    }
    let text = fault::text_of(path)?;
    let file: Source = path.display().to_string().into();
    let root = document::document(&file, path, &text)?;
    if terraform::is_it(&root) {
        return Ok(Reading::of(path, terraform::read(&file, &root)?));
    }
    if cloudformation::is_it(&root) {
        let read = cloudformation::read(&file, path, root, options)?;
        let cloudformation::ReadTemplate { configuration, files, parameters, variables } = read;
        return Ok(Reading { configuration, files, parameters, variables });
    }
    if exports::is_it(path, &root) {
        return Ok(Reading::of(path, exports::read(&[path.to_owned()])?));
    }
    let name = path.display();
    Err(Fault::whole(match terraform::is_raw_state(&root) {
        true => format!("`{name}` is a state file of Terraform; use the output of `terraform show -json`"),
        false => format!(
            "`{name}` is neither a CloudFormation template, which has `Resources`, nor output of `terraform show \
             -json` or of `aws connect`; for a pulled directory, name the directory"
        ),
    }))
}

/// Refuses files in Terraform's own language.
fn own_language(path: &Path) -> Result<(), Fault> {
    let is_own = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        [".tf", ".tf.json", ".tfvars", ".hcl"].iter().any(|ending| name.ends_with(ending))
    };
    let file = if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|error| Fault::of_path("read", path, &error))?;
        let own = entries.flatten().map(|entry| entry.path()).find(|path| is_own(path));
        own.filter(|_| !directory::is_it(path))
    } else {
        is_own(path).then(|| path.to_owned())
    };
    match file {
        Some(file) => Err(Fault::whole(format!(
            "`{}` is in Terraform's own language, which is not read; write the plan with `terraform plan -out=FILE` and \
             `terraform show -json FILE > plan.json`, or the state with `terraform show -json > state.json`, and name \
             the JSON file",
            file.display()
        ))),
        None => Ok(()),
    }
}
