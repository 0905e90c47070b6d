//! What ties one environment to another.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_model::{Kind, Tags};

/// What becomes of a thing of the one environment in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// It is this one there.
    To(String),
    /// It has no counterpart, and is left out.
    LeftOut,
}

/// What ties two environments, where names and identifiers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The kinds of which resources are brought over; of all others those of the target stay as they are.
    pub promoted: BTreeSet<Kind>,
    /// Security profiles and hierarchy groups that the target alone has are deleted, where their kind is brought over;
    /// otherwise they stay.
    pub deletes: bool,
    /// By kind, from a name to the name in the target. The name of a hierarchy group is its path, that of an AI agent
    /// its ARN.
    pub names: BTreeMap<Kind, BTreeMap<String, Mapping>>,
    /// From the namespace of an application or MCP server to that of the target.
    pub namespaces: BTreeMap<String, Mapping>,
    /// From the key of a tag to that of the target.
    pub tag_keys: BTreeMap<String, String>,
    /// By the key of a tag, from its value to that of the target. Every value of a key that stands here must be tied.
    pub tag_values: BTreeMap<String, BTreeMap<String, String>>,
}

impl Default for Map {
    /// What ties environments that call everything by the same names: profiles and the AI agents that hold them are
    /// brought over, and nothing is deleted.
    fn default() -> Self {
        Self {
            promoted: BTreeSet::from([Kind::SecurityProfile, Kind::AiAgent]),
            deletes: false,
            names: BTreeMap::new(),
            namespaces: BTreeMap::new(),
            tag_keys: BTreeMap::new(),
            tag_values: BTreeMap::new(),
        }
    }
}

impl Map {
    /// What a name is tied to; `None` where the map does not say.
    ///
    /// Of a hierarchy group, the longest tied part of the path counts, and what is below it stays. An AI agent that is
    /// not tied by its whole ARN is tied by that without the version, and then keeps its version unless the target's ARN
    /// has one.
    #[must_use]
    pub fn tie(&self, kind: Kind, name: &str) -> Option<Mapping> {
        let ties = self.names.get(&kind)?;
        if let Some(tie) = ties.get(name) {
            return Some(tie.clone());
        }
        match kind {
            Kind::HierarchyGroup => {
                let above = name.rmatch_indices('/').filter_map(|(at, _)| Some((name.get(..at)?, name.get(at..)?)));
                let mut tied = above.filter_map(|(above, below)| Some((ties.get(above)?, below)));
                tied.next().map(|(tie, below)| match tie {
                    Mapping::To(to) => Mapping::To(format!("{to}{below}")),
                    Mapping::LeftOut => Mapping::LeftOut,
                })
            }
            Kind::AiAgent => {
                let (bare, version) = version(name);
                Some(match (ties.get(bare)?, version) {
                    (Mapping::To(to), Some(of)) if version_of(to).is_none() => Mapping::To(format!("{to}:{of}")),
                    (tie, _) => tie.clone(),
                })
            }
            _ => None,
        }
    }

    /// Tags as the target has them.
    ///
    /// # Errors
    /// The key and the value that is not tied.
    pub(super) fn tags(&self, tags: &Tags) -> Result<Tags, (String, String)> {
        let tied = tags.iter().map(|(key, value)| {
            let value = match self.tag_values.get(key) {
                Some(values) => values.get(value).ok_or_else(|| (key.clone(), value.clone()))?,
                None => value,
            };
            Ok((self.tag_keys.get(key).unwrap_or(key).clone(), value.clone()))
        });
        tied.collect()
    }
}

/// An AI agent's ARN and its version, which stands after a colon behind the last stroke.
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

    fn map(kind: Kind, ties: &[(&str, Mapping)]) -> Map {
        let ties = ties.iter().map(|(from, tie)| ((*from).to_owned(), tie.clone())).collect();
        Map { names: BTreeMap::from([(kind, ties)]), ..Map::default() }
    }

    #[test]
    fn a_group_follows_the_nearest_one_above_that_is_tied() {
        let map = map(
            Kind::HierarchyGroup,
            &[("North", to("EU")), ("North/Team", to("UK/Leeds")), ("Lab", Mapping::LeftOut)],
        );
        let tie = |path| map.tie(Kind::HierarchyGroup, path);
        assert_eq!(tie("North"), Some(to("EU")));
        assert_eq!(tie("North/Other/Deep"), Some(to("EU/Other/Deep")));
        assert_eq!(tie("North/Team/A"), Some(to("UK/Leeds/A")));
        assert_eq!(tie("Northern"), None);
        assert_eq!(tie("Lab/A"), Some(Mapping::LeftOut));
        assert_eq!(map.tie(Kind::Queue, "North"), None);
    }

    #[test]
    fn an_agent_is_tied_with_or_without_its_version() {
        let ties = [("arn:a/x:2", to("arn:b/x:9")), ("arn:a/x", to("arn:b/x")), ("arn:a/y", to("arn:b/y:4"))];
        let map = map(Kind::AiAgent, &ties);
        let tie = |arn| map.tie(Kind::AiAgent, arn);
        assert_eq!(tie("arn:a/x:2"), Some(to("arn:b/x:9")));
        assert_eq!(tie("arn:a/x:3"), Some(to("arn:b/x:3")));
        assert_eq!(tie("arn:a/x"), Some(to("arn:b/x")));
        assert_eq!(tie("arn:a/y:7"), Some(to("arn:b/y:4")));
        assert_eq!(tie("arn:a/z"), None);
    }

    #[test]
    fn every_value_of_a_key_that_differs_must_be_tied() {
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
