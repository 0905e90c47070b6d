//! The map of source to target.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_model::{Kind, Tags};

use crate::Place;

/// The counterpart of a resource of the source in the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// The resource of this name in the target.
    To(String),
    /// It has no counterpart, and is left out.
    LeftOut,
}

/// The map of source to target, where names and identifiers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The kinds that are promoted; resources of other kinds stay as they are in the target.
    pub promoted: BTreeSet<Kind>,
    /// Whether security profiles and hierarchy groups that only the target has are deleted, where their kind is
    /// promoted.
    pub deletes: bool,
    /// By kind, from a name to the name in the target. The name of a hierarchy group is its path, that of an AI agent
    /// its ARN.
    pub names: BTreeMap<Kind, BTreeMap<String, Mapping>>,
    /// From the namespace of an application or MCP server to that of the target.
    pub namespaces: BTreeMap<String, Mapping>,
    /// From the key of a tag to that of the target.
    pub tag_keys: BTreeMap<String, String>,
    /// By the key of a tag, from its value to that of the target. A listed key must list every value.
    pub tag_values: BTreeMap<String, BTreeMap<String, String>>,
    /// The place of each key, by the member of the file and the key; empty for a map that was not read from a file.
    pub places: BTreeMap<(String, String), Place>,
}

impl Default for Map {
    /// The map of instances with equal names: profiles and the AI agents that hold them are promoted, and nothing is
    /// deleted.
    fn default() -> Self {
        Self {
            promoted: BTreeSet::from([Kind::SecurityProfile, Kind::AiAgent]),
            deletes: false,
            names: BTreeMap::new(),
            namespaces: BTreeMap::new(),
            tag_keys: BTreeMap::new(),
            tag_values: BTreeMap::new(),
            places: BTreeMap::new(),
        }
    }
}

impl Map {
    /// The counterpart of a name; `None` where the map does not list it.
    ///
    /// For a hierarchy group, the longest listed part of the path applies, and the rest of the path stays. An AI
    /// agent whose whole ARN is not listed has the entry of the ARN without the version, and then keeps its version
    /// unless the target's ARN has one.
    #[must_use]
    pub fn mapping(&self, kind: Kind, name: &str) -> Option<Mapping> {
        let mappings = self.names.get(&kind)?;
        if let Some(mapping) = mappings.get(name) {
            return Some(mapping.clone());
        }
        match kind {
            Kind::HierarchyGroup => {
                let above = name.rmatch_indices('/').filter_map(|(at, _)| Some((name.get(..at)?, name.get(at..)?)));
                let mut mapped = above.filter_map(|(above, below)| Some((mappings.get(above)?, below)));
                mapped.next().map(|(mapping, below)| match mapping {
                    Mapping::To(to) => Mapping::To(format!("{to}{below}")),
                    Mapping::LeftOut => Mapping::LeftOut,
                })
            }
            Kind::AiAgent => {
                let (bare, version) = version(name);
                Some(match (mappings.get(bare)?, version) {
                    (Mapping::To(to), Some(of)) if version_of(to).is_none() => Mapping::To(format!("{to}:{of}")),
                    (mapping, _) => mapping.clone(),
                })
            }
            _ => None,
        }
    }

    /// The tags in the target.
    ///
    /// # Errors
    /// The key and the value that is not listed.
    pub(super) fn tags(&self, tags: &Tags) -> Result<Tags, (String, String)> {
        let mapped = tags.iter().map(|(key, value)| {
            let value = match self.tag_values.get(key) {
                Some(values) => values.get(value).ok_or_else(|| (key.clone(), value.clone()))?,
                None => value,
            };
            Ok((self.tag_keys.get(key).unwrap_or(key).clone(), value.clone()))
        });
        mapped.collect()
    }
}

/// An AI agent's ARN without the version, and the version, which follows a colon behind the last slash.
fn version(arn: &str) -> (&str, Option<&str>) {
    let begin = arn.rfind('/').map_or(0, |at| at.saturating_add(1));
    let version = arn.get(begin..).and_then(|last| last.split_once(':')).map(|(_, version)| version);
    let bare = version.and_then(|version| arn.strip_suffix(version)?.strip_suffix(':'));
    (bare.unwrap_or(arn), version)
}

fn version_of(arn: &str) -> Option<&str> {
    version(arn).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(text: &str) -> Mapping {
        Mapping::To(text.to_owned())
    }

    fn map(kind: Kind, mappings: &[(&str, Mapping)]) -> Map {
        let mappings = mappings.iter().map(|(from, tie)| ((*from).to_owned(), tie.clone())).collect();
        Map { names: BTreeMap::from([(kind, mappings)]), ..Map::default() }
    }

    #[test]
    fn a_group_follows_the_nearest_mapped_group_above() {
        let map = map(
            Kind::HierarchyGroup,
            &[("North", to("EU")), ("North/Team", to("UK/Leeds")), ("Lab", Mapping::LeftOut)],
        );
        let tie = |path| map.mapping(Kind::HierarchyGroup, path);
        assert_eq!(tie("North"), Some(to("EU")));
        assert_eq!(tie("North/Other/Deep"), Some(to("EU/Other/Deep")));
        assert_eq!(tie("North/Team/A"), Some(to("UK/Leeds/A")));
        assert_eq!(tie("Northern"), None);
        assert_eq!(tie("Lab/A"), Some(Mapping::LeftOut));
        assert_eq!(map.mapping(Kind::Queue, "North"), None);
    }

    #[test]
    fn an_agent_is_mapped_with_or_without_its_version() {
        let mappings = [("arn:a/x:2", to("arn:b/x:9")), ("arn:a/x", to("arn:b/x")), ("arn:a/y", to("arn:b/y:4"))];
        let map = map(Kind::AiAgent, &mappings);
        let tie = |arn| map.mapping(Kind::AiAgent, arn);
        assert_eq!(tie("arn:a/x:2"), Some(to("arn:b/x:9")));
        assert_eq!(tie("arn:a/x:3"), Some(to("arn:b/x:3")));
        assert_eq!(tie("arn:a/x"), Some(to("arn:b/x")));
        assert_eq!(tie("arn:a/y:7"), Some(to("arn:b/y:4")));
        assert_eq!(tie("arn:a/z"), None);
    }

    #[test]
    fn every_value_of_a_listed_key_must_be_mapped() {
        let values = BTreeMap::from([("staging".to_owned(), "production".to_owned())]);
        let map = Map {
            tag_keys: BTreeMap::from([("Env".to_owned(), "Stage".to_owned())]),
            tag_values: BTreeMap::from([("Env".to_owned(), values)]),
            ..Map::default()
        };
        let tags = |pairs: &[(&str, &str)]| -> Tags {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(
            map.tags(&tags(&[("Env", "staging"), ("Team", "x")])),
            Ok(tags(&[("Stage", "production"), ("Team", "x")]))
        );
        assert_eq!(map.tags(&tags(&[("Env", "test")])), Err(("Env".to_owned(), "test".to_owned())));
    }
}
