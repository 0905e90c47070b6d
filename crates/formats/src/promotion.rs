//! The file with the map of source to target.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lanyard_analysis::{MAPPED_KINDS, Map, Mapping, PORTABLE_KINDS, member};
use lanyard_model::Kind;

use crate::fault::{Fault, suggestion};
use crate::members::{Members, text};
use crate::own::parse_file;
use crate::source::Source;
use crate::suppressions::texts;
use crate::tree::{Entry, Node, Value};

/// The contents of a map's file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promotion {
    /// The map of source to target.
    pub map: Map,
    /// The overlays on the promoted state, in their order.
    pub overlays: Vec<PathBuf>,
}

const WHAT: &str = "the map";

/// Reads the file. Directories in it are relative to its own.
///
/// # Errors
/// The first error, with its place.
pub fn read_promotion(path: &Path) -> Result<Promotion, Fault> {
    let (file, root) = parse_file(path)?;
    let mut known = vec!["Promote", "OnlyInTarget", "Overlay", "Namespaces", "TagKeys", "Tags"];
    known.extend(MAPPED_KINDS.iter().map(|kind| member(*kind)));
    let members = Members::of(&file, &root, WHAT, &known)?;
    let mut map = Map::default();
    if members.get("Promote").is_some() {
        map.promoted = members.set("Promote")?.into_iter().map(|it| kind(&file, it)).collect::<Result<_, _>>()?;
    }
    map.deletes = members.choice("OnlyInTarget", &["KEEP", "DELETE"])? == Some("DELETE");
    for kind in MAPPED_KINDS {
        if let Some(node) = members.get(member(*kind)) {
            map.names.insert(*kind, mappings(&file, member(*kind), node)?);
        }
    }
    if let Some(node) = members.get("Namespaces") {
        map.namespaces = mappings(&file, "Namespaces", node)?;
    }
    map.tag_keys = members.pairs("TagKeys")?.into_iter().collect();
    if let Some(node) = members.get("Tags") {
        for entry in entries(&file, "Tags", node)? {
            let values = entries(&file, &entry.name, &entry.node)?;
            let tied = values.iter().map(|value| {
                let to = match &value.node.value {
                    Value::Null => String::new(),
                    _ => text(&file, &value.node, &format!("`{}`", value.name))?.0.to_owned(),
                };
                Ok((value.name.clone(), to))
            });
            map.tag_values.insert(entry.name.clone(), tied.collect::<Result<_, Fault>>()?);
        }
    }
    for entry in members.entries() {
        for key in entry.node.entries() {
            map.places.insert((entry.name.clone(), key.name.clone()), key.at.in_file(&file));
        }
    }
    let parent = path.parent().unwrap_or(Path::new(""));
    let overlays = texts(&file, &members, "Overlay")?.into_iter().map(|(dir, _)| parent.join(dir)).collect();
    Ok(Promotion { map, overlays })
}

/// A kind that can be promoted.
fn kind(file: &Source, (name, at): (&str, crate::tree::At)) -> Result<Kind, Fault> {
    let kinds = || PORTABLE_KINDS.iter().copied().filter(|kind| *kind != Kind::Instance);
    kinds().find(|kind| kind.name() == name).ok_or_else(|| {
        let names: Vec<_> = kinds().map(Kind::name).collect();
        let hint = suggestion(name, names.iter().copied(), || format!("; the kinds are {}", names.join(", ")));
        Fault::at(file, at, format!("`{name}` is not a kind that can be promoted{hint}"))
    })
}

/// Names and their counterparts.
fn mappings(file: &Source, what: &str, node: &Node) -> Result<BTreeMap<String, Mapping>, Fault> {
    let tie = |entry: &Entry| match &entry.node.value {
        Value::Null => Ok((entry.name.clone(), Mapping::LeftOut)),
        _ => match text(file, &entry.node, &format!("`{}`", entry.name))? {
            ("", at) => {
                Err(Fault::at(file, at, "the name in the target is empty; write ~ where there is no counterpart"))
            }
            (to, _) => Ok((entry.name.clone(), Mapping::To(to.to_owned()))),
        },
    };
    entries(file, what, node)?.iter().map(tie).collect()
}

fn entries<'a>(file: &Source, what: &str, node: &'a Node) -> Result<&'a [Entry], Fault> {
    match &node.value {
        Value::Map(entries) => Ok(entries),
        Value::Null => Ok(&[]),
        _ => {
            let message = format!("`{what}` must be a map of source to target, not {}", node.noun());
            Err(Fault::at(file, node.at, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Promotion, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("map.yaml");
        std::fs::write(&path, text).unwrap();
        let place = dir.path().display().to_string();
        let relative = |promotion: Promotion| {
            let overlays =
                promotion.overlays.iter().map(|it| it.strip_prefix(dir.path()).unwrap().to_owned()).collect();
            Promotion { overlays, ..promotion }
        };
        read_promotion(&path).map(relative).map_err(|fault| fault.to_string().replace(&format!("{place}/"), ""))
    }

    #[test]
    fn a_map_is_read() {
        let text = "Promote: [SecurityProfile, HierarchyGroup]\nOnlyInTarget: DELETE\nOverlay: production\n\
                    HierarchyGroups: {Staging/North: North}\nNamespaces: {crm-test: crm, old: ~}\n\
                    AiAgents:\n  arn:a/x: arn:b/x:2\nTagKeys: {Env: Stage}\nTags: {Env: {staging: production, x: }}\n";
        let Promotion { map, overlays } = read(text).unwrap();
        assert_eq!(map.promoted.iter().copied().collect::<Vec<_>>(), {
            let mut kinds = vec![Kind::SecurityProfile, Kind::HierarchyGroup];
            kinds.sort();
            kinds
        });
        assert!(map.deletes);
        assert_eq!(overlays, [PathBuf::from("production")]);
        assert_eq!(map.mapping(Kind::HierarchyGroup, "Staging/North"), Some(Mapping::To("North".into())));
        assert_eq!(map.mapping(Kind::AiAgent, "arn:a/x"), Some(Mapping::To("arn:b/x:2".into())));
        assert_eq!(map.namespaces.get("old"), Some(&Mapping::LeftOut));
        assert_eq!(map.tag_keys.get("Env").map(String::as_str), Some("Stage"));
        assert_eq!(map.tag_values["Env"]["x"], "");
        assert_eq!(read("").unwrap(), Promotion::default());
    }

    #[test]
    fn errors_have_their_place() {
        for (text, want) in [
            ("Namespace: {a: b}\n", "map.yaml:1:1: the map has no member `Namespace`; did you mean `Namespaces`?"),
            (
                "Promote: [SecurityProfil]\n",
                "map.yaml:1:11: `SecurityProfil` is not a kind that can be promoted; did you",
            ),
            ("OnlyInTarget: drop\n", "map.yaml:1:15: `OnlyInTarget` cannot be `drop`"),
            ("Queues: [a]\n", "map.yaml:1:9: `Queues` must be a map"),
            ("Queues:\n  a: ''\n", "map.yaml:2:6: the name in the target is empty"),
            ("Tags: {Env: prod}\n", "map.yaml:1:13: `Env` must be a map"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(want), "{error}");
        }
    }
}
