//! A plan of only some resources.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_analysis::{Configuration, Map, name_of};
use lanyard_answers::{did_you_mean, near};
use lanyard_model::{Directory, Key, Kind, Resource};

use crate::failure::Failure;

/// The kind and the display name of a resource. The same resource can have other identifiers in the two states.
pub(super) type Wanted = BTreeSet<(Kind, String)>;

/// The resources that `--only` names; `None` where it names none.
///
/// # Errors
/// Neither the files nor the present state has a resource of this name. With a map, only the files count.
pub(super) fn wanted(
    texts: &[String],
    desired: &Configuration,
    current: &Configuration,
    is_promotion: bool,
) -> Result<Option<Wanted>, Failure> {
    if texts.is_empty() {
        return Ok(None);
    }
    let states = [Some(desired), Some(current).filter(|_| !is_promotion)];
    let mut known: Vec<(Kind, String)> = Vec::new();
    for state in states.into_iter().flatten() {
        known.extend(state.directory.iter().map(|it| named(&state.directory, &it)));
    }
    let mut wanted = Wanted::new();
    for text in texts {
        let kind = text.split_once(':').and_then(|(kind, name)| Some((Kind::from_name(kind)?, name)));
        let (kind, name) = kind.unwrap_or((Kind::SecurityProfile, text));
        let same = |it: &&(Kind, String)| it.0 == kind && kind.names().fold(&it.1) == kind.names().fold(name);
        let Some(it) = known.iter().find(same) else {
            let names = known.iter().filter(|it| it.0 == kind).map(|it| it.1.as_str());
            let hint = did_you_mean(&near(name, names)).map(|hint| format!("; {hint}")).unwrap_or_default();
            return Err(Failure::Message(format!("there is no {} `{name}` to plan{hint}", kind.noun())));
        };
        wanted.insert(it.clone());
    }
    Ok(Some(wanted))
}

fn named(directory: &Directory, resource: &Resource) -> (Kind, String) {
    (resource.kind(), name_of(directory, resource))
}

/// The described state and the map with only the named resources to promote. Resources of other kinds stay in the state, since
/// references lead to them, and are not promoted.
///
/// # Errors
/// The map does not promote the kind of a named resource.
pub(super) fn promoted(desired: Configuration, map: &Map, wanted: &Wanted) -> Result<(Configuration, Map), Failure> {
    let kinds: BTreeSet<Kind> = wanted.iter().map(|(kind, _)| *kind).collect();
    if let Some(kind) = kinds.iter().find(|kind| !map.promoted.contains(kind)) {
        let name = kind.name();
        return Err(Failure::Message(format!(
            "--only names a {}, and the map has no `{name}` in `Promote`",
            kind.noun()
        )));
    }
    let Configuration { directory, unknown_parts, places } = desired;
    let stays = |it: &Resource| !kinds.contains(&it.kind()) || wanted.contains(&named(&directory, it));
    let resources: Vec<Resource> = directory.iter().filter(stays).collect();
    let directory = Directory::load(directory.stream().clone(), directory.revision(), directory.time(), resources);
    let map = Map { promoted: kinds, deletes: false, ..map.clone() };
    Ok((Configuration { directory, unknown_parts, places }, map))
}

/// The planned state in which only the named resources differ from the present one.
pub(super) fn changed(current: &Configuration, after: Configuration, wanted: &Wanted) -> Configuration {
    let before = &current.directory;
    let mut resources: BTreeMap<Key, Resource> = before.iter().map(|it| (it.key(), it)).collect();
    for resource in before.iter().filter(|it| wanted.contains(&named(before, it))) {
        resources.remove(&resource.key());
    }
    let planned = |it: &Resource| wanted.contains(&named(&after.directory, it));
    resources.extend(after.directory.iter().filter(planned).map(|it| (it.key(), it)));
    let directory = Directory::load(before.stream().clone(), before.revision(), before.time(), resources.into_values());
    Configuration { directory, ..after }
}
