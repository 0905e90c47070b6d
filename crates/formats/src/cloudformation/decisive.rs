//! The parameters that decide access without a condition: as a value of a property, or as a key of `Fn::FindInMap`.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_model::Kind;

use super::documents::{Document, Documents};
use super::intrinsics::function;
use super::kind_of;
use crate::tree::{Entry, Node};

/// The maximum nesting of stacks.
const DEEPEST: usize = 10;

/// The parameters by the form in which they are used, and the conditions that are used. Names of resources are among them.
#[derive(Default)]
pub(super) struct Used {
    /// Their values are values of properties.
    pub(super) direct: BTreeSet<String>,
    /// Their values are keys of mappings: only these keys can be deployed.
    pub(super) keys: BTreeMap<String, BTreeSet<String>>,
}

/// The parameters that decide access in a template, through nested stacks too.
pub(super) fn in_document(documents: &Documents, document: &Document) -> Used {
    let mut used = Used::default();
    add(documents, document, 0, &mut used);
    used
}

fn add(documents: &Documents, document: &Document, depth: usize, used: &mut Used) {
    let root = &document.root;
    for entry in root.get("Resources").map(Node::entries).unwrap_or_default() {
        let Some(properties) = entry.node.get("Properties") else { continue };
        if let Some(kind) = kind_of(entry) {
            let is_whole = function(properties).is_some();
            let decisive = properties.entries().iter().filter(|it| is_whole || decides(kind, &it.name));
            decisive.for_each(|it| used.value(root, &it.node));
        }
        let child = document.stacks.iter().find(|(name, _)| *name == entry.name).and_then(|(_, child)| *child);
        if let Some(child) = child.and_then(|child| documents.all.get(child)).filter(|_| depth < DEEPEST) {
            let mut inner = Used::default();
            add(documents, child, depth.saturating_add(1), &mut inner);
            inner.conditions(&child.root);
            let passed = properties.get("Parameters").map(Node::entries).unwrap_or_default();
            let is_used = |it: &&Entry| inner.direct.contains(&it.name) || inner.keys.contains_key(&it.name);
            passed.iter().filter(is_used).for_each(|it| used.value(root, &it.node));
        }
    }
}

/// Whether access depends on a property.
fn decides(kind: Kind, property: &str) -> bool {
    match kind {
        Kind::SecurityProfile => !matches!(property, "SecurityProfileName" | "Description" | "InstanceArn"),
        Kind::User => matches!(property, "SecurityProfileArns" | "HierarchyGroupArn" | "Tags"),
        Kind::HierarchyGroup => matches!(property, "ParentGroupArn" | "Tags"),
        Kind::FlowModule => matches!(property, "ExternalInvocationConfiguration" | "Tags"),
        _ => property == "Tags",
    }
}

impl Used {
    /// Adds the parameters of all conditions.
    fn conditions(&mut self, root: &Node) {
        if let Some(conditions) = root.get("Conditions") {
            self.value(root, conditions);
        }
    }

    fn value(&mut self, root: &Node, node: &Node) {
        let Some((name, argument)) = function(node) else {
            node.items().iter().for_each(|item| self.value(root, item));
            node.entries().iter().for_each(|entry| self.value(root, &entry.node));
            return;
        };
        match (name.as_str(), argument.text(), argument.items()) {
            ("Ref", Some(name), _) => {
                self.direct.insert(name.to_owned());
            }
            ("Sub", Some(text), _) => self.substitutions(text),
            ("Sub", None, [text, names]) => {
                self.substitutions(text.text().unwrap_or_default());
                names.entries().iter().for_each(|entry| self.value(root, &entry.node));
            }
            ("FindInMap", None, [map, first, second]) => {
                let maps = map.text().and_then(|name| root.get("Mappings")?.get(name));
                let keys = |node: &Node| node.entries().iter().map(|entry| entry.name.clone()).collect::<BTreeSet<_>>();
                let inner = |node: &Node| node.entries().iter().flat_map(|entry| keys(&entry.node)).collect();
                self.value(root, map);
                self.key(root, first, maps.map(keys));
                self.key(root, second, maps.map(inner));
            }
            ("GetAtt", ..) => {}
            _ => self.value(root, &argument),
        }
    }

    /// A key of a mapping, which has `known` ones.
    fn key(&mut self, root: &Node, key: &Node, known: Option<BTreeSet<String>>) {
        let parameter =
            function(key).filter(|(name, _)| name == "Ref").and_then(|(_, name)| name.text().map(str::to_owned));
        match (parameter, known) {
            (Some(name), Some(known)) => self.keys.entry(name).or_default().extend(known),
            _ => self.value(root, key),
        }
    }

    fn substitutions(&mut self, text: &str) {
        let names = text.split("${").skip(1).filter_map(|part| Some(part.split_once('}')?.0));
        self.direct.extend(names.map(str::to_owned));
    }
}
