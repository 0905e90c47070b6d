//! Files that would be ignored: each is an error, because a resource whose file is ignored counts as deleted.

use std::fs;
use std::path::{Path, PathBuf};

use super::layout::{AI_AGENTS, HIERARCHY, INSTANCE, PROFILES, SIMPLE, UNSEEN, USERS};
use super::read::profile_files;
use crate::fault::{Fault, Faults};

/// Refuses a file whose name is close to that of a missing one: it would be ignored silently.
pub(super) fn misnamed(dir: &Path) -> Result<(), Fault> {
    let known = [INSTANCE, HIERARCHY, USERS, AI_AGENTS, UNSEEN].into_iter().chain(SIMPLE.iter().map(|(_, name)| *name));
    let missing: Vec<&str> = known.filter(|name| !dir.join(name).exists()).collect();
    for path in profile_files(dir)? {
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let near = |name: &&&str| strsim::jaro_winkler(&stem(&path), &stem(Path::new(name))) >= NEARLY;
        if let Some(name) = missing.iter().find(near) {
            let message = format!("`{}` is not read; the file name must be `{name}`", path.display());
            return Err(Fault::whole(message));
        }
    }
    Ok(())
}

/// Refuses files of security profiles in places that are not read: a moved profile would count as deleted.
pub(super) fn misplaced(dir: &Path) -> Result<(), Fault> {
    let profiles = dir.join(PROFILES);
    let mut faults = Faults::default();
    let read = if profiles.is_dir() { profile_files(&profiles)? } else { Vec::new() };
    // A file that a profile's file links to is read.
    let linked: Vec<_> = read.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let is_linked = |path: &Path| path.canonicalize().is_ok_and(|path| linked.contains(&path));
    for path in others(dir)?.into_iter().filter(|path| path.is_file() && !is_linked(path)) {
        if is_profile(&path) {
            let to = profiles.join(path.file_name().unwrap_or_default());
            faults.add(Fault::whole(format!(
                "`{}` is a security profile that is not read here; move it to `{}`",
                path.display(),
                to.display()
            )));
        }
    }
    let mut open = if profiles.is_dir() { others(&profiles)? } else { Vec::new() };
    let mut depth = open.len();
    while let Some(path) = open.pop() {
        if path.is_dir() && !path.is_symlink() && depth < MOST_MISPLACED {
            let inner = others(&path)?;
            depth += inner.len();
            open.extend(inner);
        } else if path.is_file() && !read.contains(&path) && is_profile(&path) {
            faults.add(Fault::whole(format!(
                "`{}` is a security profile that is not read here; its place is directly in `{}`, with the ending `.yaml`",
                path.display(),
                profiles.display()
            )));
        }
    }
    faults.finish()
}

/// The maximum number of files that are checked for misplaced profiles.
const MOST_MISPLACED: usize = 100_000;

/// The files and directories in a directory that are not hidden, without the files of the format.
fn others(dir: &Path) -> Result<Vec<PathBuf>, Fault> {
    let failed = |error: std::io::Error| Fault::of_path("read", dir, &error);
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with('.') && !super::layout::files().any(|known| known == name) {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

/// Whether a file has the name of a security profile as its member.
fn is_profile(path: &Path) -> bool {
    let text = lanyard_local_file::read(path, lanyard_local_file::LARGEST).unwrap_or_default();
    text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"SecurityProfileName:"))
}

/// The similarity of file names, from 0 to 1, from which one counts as a misspelling of the other.
const NEARLY: f64 = 0.92;
