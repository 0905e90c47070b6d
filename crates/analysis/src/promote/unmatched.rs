//! Keys of a map that match nothing in the source: misspelt names, which would leave a resource as it is, or promote one
//! that was to be left out.

use std::collections::BTreeSet;

use lanyard_model::{Directory, Kind, Resource};

use super::{Map, Unmapped, member};
use crate::Configuration;
use crate::names::name_of;

/// The keys of the map that match nothing in the source, in the order of their places. A key of a kind that is not fully
/// known in the source is among them only where it is like a known name.
#[must_use]
pub fn unmatched(map: &Map, source: &Configuration) -> Vec<Unmapped> {
    let directory = &source.directory;
    let mut all = Vec::new();
    for (kind, names) in &map.names {
        let known = known_names(directory, *kind);
        let is_known = |key: &str| known.iter().any(|name| matches(*kind, key, name));
        let is_seen = !source.unknown_parts.kinds.contains(kind);
        for key in names.keys().filter(|key| !is_known(key)) {
            let near = nearest(key, &known);
            if is_seen || near.is_some() {
                all.push(fault(map, member(*kind), key, &format!("the source has no {} `{key}`", kind.noun()), near));
            }
        }
    }
    let profiles = || directory.security_profiles.values();
    let namespaces = profiles().flat_map(|it| &it.applications).filter_map(|it| it.namespace.clone());
    let namespaces: BTreeSet<String> = namespaces.collect();
    let own =
        directory.iter().flat_map(|it| it.tags().into_iter().flat_map(|tags| tags.keys().cloned()).collect::<Vec<_>>());
    let required = profiles().flat_map(|it| it.allowed_access_control_tags.keys().cloned());
    let tags: BTreeSet<String> = own.chain(required).collect();
    let parts = [
        (
            "Namespaces",
            "no profile of the source uses the namespace",
            map.namespaces.keys().collect::<Vec<_>>(),
            &namespaces,
        ),
        ("TagKeys", "nothing in the source has the tag", map.tag_keys.keys().collect(), &tags),
        ("Tags", "nothing in the source has the tag", map.tag_values.keys().collect(), &tags),
    ];
    for (part, what, keys, known) in parts {
        for key in keys.into_iter().filter(|key| !known.contains(*key)) {
            all.push(fault(map, part, key, &format!("{what} `{key}`"), nearest(key, known)));
        }
    }
    all.sort();
    all
}

fn fault(map: &Map, part: &str, key: &str, what: &str, near: Option<&str>) -> Unmapped {
    let hint = match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!(", so that this key of `{part}` matches nothing; remove it"),
    };
    let place = map.places.get(&(part.to_owned(), key.to_owned())).cloned();
    Unmapped { place, message: format!("{what}{hint}") }
}

/// The names of the resources of a kind in the source, and of those that profiles refer to.
fn known_names(directory: &Directory, kind: Kind) -> BTreeSet<String> {
    let own = directory.iter().filter(|it| it.kind() == kind).map(|it| match &it {
        Resource::AiAgent(agent) => agent.arn.clone(),
        it => name_of(directory, it),
    });
    let mut names: BTreeSet<String> = own.collect();
    let profiles = || directory.security_profiles.values();
    match kind {
        Kind::AiAgent => {
            names.extend(profiles().flat_map(|it| &it.allowed_ai_agents).filter_map(|it| it.arn.clone()));
        }
        Kind::FlowModule => {
            let listed = profiles().flat_map(|it| &it.allowed_flow_modules).filter_map(|it| it.flow_module_id.clone());
            // A version or alias follows the identifier, which is the end of an ARN.
            let bare = |text: String| {
                let last = text.rsplit('/').next().unwrap_or(&text);
                last.split(':').next().unwrap_or(last).to_owned()
            };
            names.extend(listed.map(bare));
        }
        _ => {}
    }
    names
}

/// Whether a key applies to a name: for a hierarchy group, the key may be the path of a group above; for an AI agent, the
/// ARN without the version.
fn matches(kind: Kind, key: &str, name: &str) -> bool {
    let rest = name.strip_prefix(key);
    match kind {
        Kind::HierarchyGroup => rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        Kind::AiAgent => rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':')),
        kind => kind.names().fold(key) == kind.names().fold(name),
    }
}

/// The name that differs in case, or in few characters.
fn nearest<'a>(key: &str, known: &'a BTreeSet<String>) -> Option<&'a str> {
    let wanted = key.to_lowercase();
    let most = if wanted.chars().count() < 5 { 1 } else { 2 };
    let near = known.iter().map(|name| (distance(&wanted, &name.to_lowercase()), name.as_str()));
    near.filter(|(distance, _)| *distance <= most).min().map(|(_, name)| name)
}

/// The number of characters that are inserted, deleted or replaced between two texts.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, c) in (1..).zip(one.chars()) {
        let mut next = vec![number];
        for ((above, left), d) in row.iter().skip(1).zip(&row).zip(&other) {
            let before = next.last().copied().unwrap_or(number);
            next.push((left + usize::from(c != *d)).min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_edits() {
        assert_eq!((distance("leads", "leads"), distance("leds", "leads"), distance("", "ab")), (0, 1, 2));
        let known = BTreeSet::from(["Leads".to_owned(), "Heads of north".to_owned()]);
        assert_eq!(nearest("leeds", &known), Some("Leads"));
        assert_eq!(nearest("Heads of nroth", &known), Some("Heads of north"));
        assert_eq!(nearest("Other", &known), None);
    }

    #[test]
    fn a_key_may_be_a_group_above_or_an_agent_without_version() {
        assert!(matches(Kind::HierarchyGroup, "North", "North/Team") && !matches(Kind::HierarchyGroup, "Nor", "North"));
        assert!(matches(Kind::AiAgent, "arn:x/a", "arn:x/a:2") && !matches(Kind::AiAgent, "arn:x/a", "arn:x/ab"));
    }
}
