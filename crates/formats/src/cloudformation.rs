//! CloudFormation templates, JSON and YAML, written manually or synthesised by CDK.
//!
//! A reference to a resource of the template is resolved to it; parameters have their default values. Values that
//! depend on anything else (parameters without default, imports, macros, other services) are unknown.

use std::collections::BTreeMap;

use lanyard_analysis::Configuration;
use lanyard_model::{Id, Kind};

use crate::declared::{Declared, configuration};
use crate::fault::Fault;
use crate::intrinsics::Template;
use crate::source::Source;
use crate::tree::{Entry, Node};

/// The key prefix of a loop of the macro `AWS::LanguageExtensions`, in the position of a resource's name.
const LOOP: &str = "Fn::ForEach";

const KINDS: &[(&str, Kind)] = &[
    ("AWS::Connect::Instance", Kind::Instance),
    ("AWS::Connect::SecurityProfile", Kind::SecurityProfile),
    ("AWS::Connect::User", Kind::User),
    ("AWS::Connect::UserHierarchyGroup", Kind::HierarchyGroup),
    ("AWS::Connect::UserHierarchyStructure", Kind::HierarchyStructure),
    ("AWS::Connect::Queue", Kind::Queue),
    ("AWS::Connect::RoutingProfile", Kind::RoutingProfile),
    ("AWS::Connect::QuickConnect", Kind::QuickConnect),
    ("AWS::Connect::HoursOfOperation", Kind::HoursOfOperation),
    ("AWS::Connect::ContactFlowModule", Kind::FlowModule),
    ("AWS::Connect::DataTable", Kind::DataTable),
];

/// Whether the document is a template.
pub(crate) fn is_it(root: &Node) -> bool {
    let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
    let declares = |entry: &Entry| entry.node.get("Type").is_some() || entry.name.starts_with(LOOP);
    root.get("AWSTemplateFormatVersion").is_some() || resources.iter().any(declares)
}

/// Reads a template.
pub(crate) fn read(file: &Source, root: &Node) -> Result<Configuration, Fault> {
    let mut template = Template::new(root);
    let mut notes = Vec::new();
    if root.get("Transform").is_some() {
        notes.push("the result of the template's macros (`Transform`)".to_owned());
    }
    let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
    let mut kinds = BTreeMap::new();
    for entry in resources {
        if entry.name.starts_with(LOOP) {
            notes.push(format!("the resources of `{}`", entry.name));
            continue;
        }
        let of_type = entry.node.get("Type").and_then(Node::text).unwrap_or_default();
        let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == of_type) else { continue };
        match entry.node.get("Condition").and_then(Node::text).map(|name| template.condition(name)) {
            Some(Some(false)) => continue,
            Some(None) => notes.push(format!("`{}`, which depends on an unknown condition", entry.name)),
            Some(Some(true)) | None => {
                kinds.insert(entry.name.as_str(), *kind);
            }
        }
    }
    // Names are read first, since identifiers derive from them and references are resolved to identifiers.
    let all = || resources.iter().filter_map(|entry| Some((entry, *kinds.get(entry.name.as_str())?)));
    let mut ids: BTreeMap<String, Id> = BTreeMap::new();
    for (entry, kind) in all() {
        ids.insert(entry.name.clone(), declare(&template, entry, kind).id_or_new());
    }
    template.set_ids(ids);
    let declared: Vec<_> = all().map(|(entry, kind)| declare(&template, entry, kind)).collect();
    configuration(file, &declared, notes)
}

fn declare(template: &Template<'_>, entry: &Entry, kind: Kind) -> Declared {
    let properties = template.properties(&entry.node);
    let arn = properties.get("InstanceArn");
    let instance = arn.id().ok().flatten().map(|id| id.to_string()).filter(|_| kind != Kind::Instance);
    Declared { kind, called: entry.name.clone(), at: entry.at, id: None, instance, properties, has_restrictions: true }
}
