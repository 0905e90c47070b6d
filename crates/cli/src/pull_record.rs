//! The record of a pull in the directory, and the files that a pull would overwrite.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lanyard_analysis::{
    Configuration, PlannedRecord, PulledRecord, apply_desired_state, diff, instance_of, name_of_key,
};
use lanyard_local_file::{LARGEST, read_text};
use lanyard_model::{Change, Id, Key};

use crate::failure::Failure;
use crate::output_file;

/// The file of the record.
const RECORD: &str = "pulled.json";

/// The most resources that an error names.
const NAMED: usize = 20;

/// The record of the pull that wrote the directory; `None` where it has none.
///
/// # Errors
/// The file cannot be read, or is no record.
pub(crate) fn read(dir: &Path) -> Result<Option<PulledRecord>, Failure> {
    let path = dir.join(RECORD);
    let text = match read_text(&path, LARGEST) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(Failure::Message(format!("`{}`: {error}", path.display()))),
    };
    let record = PulledRecord::read(&text);
    record.map(Some).map_err(|fault| {
        Failure::Message(format!("`{}`: {fault}; remove it, or pull again with --force", path.display()))
    })
}

/// Writes the record into the directory.
pub(crate) fn write(dir: &Path, record: &PulledRecord) -> Result<(), Failure> {
    let (path, text) = (dir.join(RECORD), record.to_text());
    if read_text(&path, LARGEST).is_ok_and(|before| before == text) {
        return Ok(());
    }
    output_file::write(&path, text)
}

/// The states that earlier plans of the directory were to make. They are kept in a file next to it, until the next pull.
///
/// # Errors
/// The file cannot be read, or has another form.
pub(crate) fn planned(dir: &Path) -> Result<PlannedRecord, Failure> {
    let path = next_to(dir);
    let failed = |error: &dyn std::fmt::Display| Failure::Message(format!("`{}`: {error}; remove it", path.display()));
    match read_text(&path, LARGEST) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| failed(&error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(PlannedRecord::default()),
        Err(error) => Err(failed(&error)),
    }
}

/// Adds the states that a plan is to make.
pub(crate) fn add_planned(dir: &Path, record: &PulledRecord, changes: &[Change]) -> Result<(), Failure> {
    let mut planned = planned(dir)?;
    planned.add(record, changes);
    let text = serde_json::to_string_pretty(&planned).map_err(std::io::Error::from)?;
    output_file::write(&next_to(dir), text + "\n")
}

/// Removes the file of planned states, which new files do not need.
pub(crate) fn forget_planned(dir: &Path) {
    let _ = std::fs::remove_file(next_to(dir));
}

fn next_to(dir: &Path) -> PathBuf {
    sibling(&dir.canonicalize().unwrap_or_else(|_| dir.to_owned()), "planned.json")
}

/// Refuses to overwrite the files of another instance, and edits that the instance does not have.
///
/// # Errors
/// Each such edit is named.
pub(crate) fn check_overwrites(dir: &Path, pulled: &Configuration) -> Result<(), Failure> {
    if !dir.join("instance.yaml").exists() && !dir.join("security-profiles").exists() {
        return Ok(());
    }
    let shown = dir.display();
    let refused = |why: String| {
        Err(Failure::Message(format!("`{shown}` is left as it is: {why}; `lanyard pull --force` overwrites it")))
    };
    let files = match lanyard_formats::read(dir) {
        Ok(files) => files,
        Err(fault) => return refused(format!("its files cannot be read: {fault}")),
    };
    let after = match apply_desired_state(pulled, &files) {
        Ok(after) => after,
        Err(other) => return refused(format!("it has the files of the instance `{}`", other.described)),
    };
    let lost: Vec<Key> = match read(dir)?.filter(|record| is_of(record, pulled)) {
        Some(record) => {
            let merged = record.merge(pulled, after.clone(), &PlannedRecord::default(), None);
            merged.edited.into_iter().chain(merged.conflicts).collect()
        }
        None => {
            let differences = diff(&pulled.directory, &after.directory);
            if differences.is_empty() {
                return Ok(());
            }
            return refused(format!(
                "it has no record of its pull, and {} of its resources differ from the instance, which may be edits",
                differences.len()
            ));
        }
    };
    if lost.is_empty() {
        return Ok(());
    }
    let line = |key: &Key| {
        let of = if after.directory.get(key.kind, &key.id).is_some() { &after } else { pulled };
        format!("  {} `{}`", key.kind.noun(), name_of_key(&of.directory, key))
    };
    let first = format!(
        "`{shown}` is left as it is: it has edits that the instance does not have; plan and apply them, or overwrite them with \
         `lanyard pull --force`:"
    );
    let more = (lost.len() > NAMED).then(|| format!("  and {} more", lost.len() - NAMED));
    let lines = lost.iter().take(NAMED).map(line).chain(more);
    Err(Failure::Lines([first].into_iter().chain(lines).collect()))
}

/// A file next to a directory, with the directory's name and an ending.
pub(crate) fn sibling(directory: &Path, ending: &str) -> PathBuf {
    let mut name = directory.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    directory.with_file_name(name)
}

/// Whether a record is of the instance of a state.
pub(crate) fn is_of(record: &PulledRecord, state: &Configuration) -> bool {
    let instance: Option<Id> = instance_of(&state.directory);
    instance.as_ref() == Some(&record.instance)
}
