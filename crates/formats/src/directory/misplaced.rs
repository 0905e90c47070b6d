//! Files that would be ignored: each is an error, because a resource whose file is ignored counts as deleted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lanyard_model::Kind;

use super::layout::{AI_AGENTS, HIERARCHY, INSTANCE, PROFILES, SIMPLE, UNSEEN, USERS};
use super::read::profile_files;
use crate::fault::{Fault, Faults};
use crate::unread::{files_below, refuse};

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

/// Refuses files below the directory, or below an overlay, that declare access and are not read: what they declare would
/// count as deleted, or pass unchecked. An overlay that lies in the directory is read.
pub(super) fn misplaced(dir: &Path, overlays: &[PathBuf]) -> Result<(), Fault> {
    let mut faults = Faults::default();
    for place in std::iter::once(dir).chain(overlays.iter().map(PathBuf::as_path)) {
        let profiles = place.join(PROFILES);
        let mut read = if profiles.is_dir() { profile_files(&profiles)? } else { Vec::new() };
        read.extend(super::layout::files().filter(|name| *name != PROFILES).map(|name| place.join(name)));
        // A file that one of these links to is read.
        let real: BTreeSet<_> = read.iter().filter_map(|path| path.canonicalize().ok()).collect();
        let inner: Vec<_> = overlays.iter().filter(|overlay| overlay.as_path() != place).cloned().collect();
        let files = files_below(place, &inner)?;
        let is_read = |path: &Path| path.canonicalize().is_ok_and(|path| real.contains(&path));
        let correction = |kind: Kind| match kind {
            Kind::SecurityProfile => {
                format!(
                    "its place is directly in `{}`, as a file of its own with the ending `.yaml`",
                    profiles.display()
                )
            }
            Kind::AiAgent => format!("its place is `{}`", place.join(AI_AGENTS).display()),
            _ => format!("its place is `{}`", place.join(USERS).display()),
        };
        faults.take(refuse(files.iter().filter(|path| !is_read(path)), correction));
    }
    faults.finish()
}

/// The similarity of file names, from 0 to 1, from which one counts as a misspelling of the other.
const NEARLY: f64 = 0.92;
