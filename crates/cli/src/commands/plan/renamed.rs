//! A security profile that has another name in its file than in the instance, where references to the present name stop the
//! reading of the files.

use std::path::{Path, PathBuf};

use lanyard_analysis::Configuration;
use lanyard_local_file::{LARGEST, read_text};
use lanyard_model::{Directory, StreamId, Timestamp};

use super::Args;
use crate::failure::Failure;

/// The failure to read the desired state, after the renamed profiles of its files, which are the likely cause.
pub(super) fn explained(args: &Args, failure: Failure) -> Failure {
    let dir = &args.desired;
    let files = profile_files(dir);
    // With a map, the files are of another instance. Amazon is not read for a better message.
    let service = &args.current.service;
    if files.is_empty() || args.map.is_some() || service.is_given() && service.endpoint.is_none() {
        return failure;
    }
    let id = read_text(&dir.join("instance.yaml"), LARGEST).ok().and_then(|text| member(&text, "Id"));
    let stream = StreamId::Instance(lanyard_model::Id::new(&id.unwrap_or_default()));
    let described = Configuration::whole(Directory::load(stream, 0, Timestamp::default(), []));
    let Ok(current) = args.current.read(dir, &described, None) else { return failure };
    let mut lines = Vec::new();
    for (file, name, id) in files {
        let present = current.configuration.directory.security_profiles.get(&lanyard_model::Id::new(&id));
        if let Some(present) = present.filter(|present| present.name != name) {
            lines.push(format!(
                "`{}`: the name of the security profile `{}` cannot become `{name}`: the API never changes it; create a new \
                 profile instead, without `Id`",
                file.display(),
                present.name
            ));
        }
    }
    if lines.is_empty() {
        return failure;
    }
    lines.extend(failure.to_string().lines().map(str::to_owned));
    Failure::Lines(lines)
}

/// The files of profiles with a name and an identifier, by the lines that a pull writes.
fn profile_files(dir: &Path) -> Vec<(PathBuf, String, String)> {
    let Ok(entries) = std::fs::read_dir(dir.join("security-profiles")) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let text = path.is_file().then(|| read_text(&path, LARGEST).ok())??;
            Some((path, member(&text, "SecurityProfileName")?, member(&text, "Id")?))
        })
        .collect();
    files.sort();
    files
}

/// The value of a member that is on a line of its own.
fn member(text: &str, name: &str) -> Option<String> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}
