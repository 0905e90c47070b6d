//! Exports: the output of `aws connect describe-…`, `list-…` and `search-…`, the input of `--cli-input-json`, and the
//! files that backup tools write, each a file or a directory of files, one for each profile.

mod records;
mod shapes;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lanyard_analysis::Configuration;

use crate::declared::configuration;
use crate::fault::{Fault, Faults, text_of};
use crate::json;
use crate::matrix;
use crate::source::Source;
use crate::tree::Node;
use crate::unread::{files_below, refuse};
use records::{Record, put};
use shapes::{Part, is_known, parts};

/// The maximum number of files.
const MOST: usize = 50_000;
/// The maximum nesting of directories.
const DEEPEST: usize = 6;

/// Whether the document is an answer or an input of the API, or a file of a backup.
pub(crate) fn is_it(path: &Path, root: &Node) -> bool {
    is_known(root, &stem_of(path))
}

/// The files of exports in a directory; none where it has none.
///
/// # Errors
/// The directory cannot be read, has too many files or too deep folders, or a link in it leads out of it. Another file in it
/// declares a security profile or a user.
pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut files = Vec::new();
    let root = dir.canonicalize().map_err(|error| Fault::of_path("read", dir, &error))?;
    collect(dir, &root, 0, &mut files)?;
    files.sort();
    if !files.is_empty() {
        let others = files_below(dir, &[])?;
        let correction = |_| "in a directory of exports, files with the ending `.json` or `.csv` are read".to_owned();
        refuse(others.iter().filter(|path| !files.contains(path)), correction)?;
    }
    Ok(files)
}

fn collect(dir: &Path, root: &Path, depth: usize, into: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let failed = |error: std::io::Error| Fault::of_path("read", dir, &error);
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, file_type) = (entry.path(), entry.file_type().map_err(failed)?);
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        let is_named = has_ending(&path, "json") || has_ending(&path, "csv");
        if file_type.is_symlink() && (is_named || path.is_dir()) {
            let is_inside = path.canonicalize().is_ok_and(|real| real.starts_with(root));
            if !is_inside {
                let (link, dir) = (path.display(), root.display());
                return Err(Fault::whole(format!(
                    "`{link}` is a link that leads out of `{dir}`, or to nothing; put the files themselves there"
                )));
            }
            // The folder itself is read.
            if path.is_dir() {
                continue;
            }
        }
        if file_type.is_dir() {
            if depth >= DEEPEST {
                return Err(Fault::whole(format!("`{}` is nested too deep to be read", path.display())));
            }
            collect(&path, root, depth + 1, into)?;
        } else if is_named {
            // A pipe or a device of this name is an error when it is read.
            into.push(path);
        }
        if into.len() > MOST {
            return Err(Fault::whole(format!("`{}` has more than {MOST} files", dir.display())));
        }
    }
    Ok(())
}

/// Whether a file has an ending, in upper or lower case.
pub(crate) fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case(ending))
}

/// Reads the files as one state.
///
/// # Errors
/// All errors, with their places.
pub(crate) fn read(files: &[PathBuf]) -> Result<Configuration, Fault> {
    let file = Source::of_files(files.iter().map(|path| path.display().to_string()));
    let (mut documents, mut faults) = (Vec::new(), Faults::default());
    for (layer, path) in (0..file.count()).zip(files) {
        let own: Source = path.display().to_string().into();
        let roots = match document(&own, path) {
            Ok(roots) => roots,
            Err(fault) => {
                faults.add(fault);
                continue;
            }
        };
        for mut root in roots {
            root.lift(layer);
            documents.push((stem_of(path), root));
        }
    }
    faults.finish()?;
    let (mut records, mut places, mut members) = (Vec::new(), BTreeMap::new(), Vec::new());
    let (mut notes, mut faults) = (Vec::new(), Faults::default());
    for (stem, root) in &documents {
        for part in parts(root, stem) {
            match part {
                Part::Resource { kind, extent, node, name } => {
                    let record = Record::read(&file, kind, extent, node, name, stem);
                    let done = record.and_then(|record| put(&file, &mut records, &mut places, record));
                    faults.take(done);
                }
                Part::Member { name, node } => members.push((stem, name, node)),
                Part::Rest(node) => {
                    notes.push(format!(
                        "the rest of a list, which goes on after `NextToken` ({})",
                        node.at.in_file(&file)
                    ));
                }
                Part::Other(node) => {
                    notes.push(format!("a document that is no answer of Amazon Connect ({})", node.at.in_file(&file)));
                }
            }
        }
    }
    let mut unnamed: BTreeMap<&String, Record> = BTreeMap::new();
    for (stem, name, node) in members {
        // A list of a profile's permissions does not name the profile; the name of its file may.
        let fits = records.iter().enumerate().filter_map(|(number, it)| Some((it.is_named_in(stem)?, number)));
        let best = fits.max_by_key(|(length, _)| *length).map(|(_, number)| number);
        let record = Record::of_member(name, node, stem);
        let done = match best.and_then(|number| records.get_mut(number)) {
            Some(there) => there.add(&file, record),
            None => match unnamed.get_mut(stem) {
                Some(there) => there.add(&file, record),
                None => {
                    unnamed.insert(stem, record);
                    Ok(())
                }
            },
        };
        faults.take(done);
    }
    faults.finish()?;
    let declared: Vec<_> = records.into_iter().chain(unnamed.into_values()).map(Record::declared).collect();
    configuration(&file, &declared, notes)
}

/// The documents of a file: several where each line has one.
fn document(file: &Source, path: &Path) -> Result<Vec<Node>, Fault> {
    let text = text_of(path)?;
    if has_ending(path, "csv") {
        return matrix::read(file, &text).map(|root| vec![root]);
    }
    json::parse_all(file, &text)
}

fn stem_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
