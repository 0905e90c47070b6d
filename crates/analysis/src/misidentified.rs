//! Identifiers in files that are those of other resources: exchanged, copied from another file, or out of date.

use lanyard_model::{Directory, Kind, Resource};

use crate::{Configuration, Unmapped, is_provisional};

/// The resources of `desired` whose identifier belongs to a resource of another name in `current`, or to none, while
/// another one in `current` has their name. A change of both would exchange or delete resources that only the identifier
/// confuses.
#[must_use]
pub fn misidentified(current: &Directory, desired: &Configuration) -> Vec<Unmapped> {
    let mut all: Vec<Unmapped> = desired.directory.iter().filter_map(|it| wrong(current, desired, &it)).collect();
    all.sort();
    all
}

fn wrong(current: &Directory, desired: &Configuration, it: &Resource) -> Option<Unmapped> {
    let (kind, id, name) = (it.kind(), it.id(), it.name()?);
    if is_provisional(&id) || matches!(kind, Kind::Instance | Kind::HierarchyGroup) {
        return None;
    }
    let owner = current.find_name(kind, name).filter(|owner| **owner != id)?;
    let noun = kind.noun();
    let there = match current.get(kind, &id).as_ref().and_then(|there| there.name().map(str::to_owned)) {
        Some(there) => format!("this `Id` is that of the {noun} `{there}`"),
        None => format!("there is no {noun} with this `Id`"),
    };
    let place = desired.places.find(&it.key(), "Id").cloned();
    Some(Unmapped { place, message: format!("{there}; the `Id` of `{name}` is `{owner}`") })
}
