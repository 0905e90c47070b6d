//! The output of `terraform show -json`: the values of a state, or the planned values of a plan.
//!
//! Resources of the `aws` and the `awscc` provider are read, including data sources. The `aws` provider has only a
//! profile's name, description, permissions and tags, so its restrictions are unknown.

mod elsewhere;
mod forms;
mod references;

use std::collections::{HashMap, HashSet};

use lanyard_analysis::Configuration;
use lanyard_model::{Kind, Names};

use crate::declared::{Declared, configuration};
use crate::fault::Fault;
use crate::plain::{Plain, ResolvedValue};
use crate::source::Source;
use crate::tree::{Entry, Node, Value};
use forms::form_of;
use references::References;

/// Whether the document is output of `terraform show -json`.
pub(crate) fn is_it(root: &Node) -> bool {
    // An empty state has only the version of the format.
    root.get("format_version").is_some()
}

/// Whether the document is a state file of Terraform.
pub(crate) fn is_raw_state(root: &Node) -> bool {
    ["serial", "lineage", "resources"].iter().all(|member| root.get(member).is_some())
}

/// Reads a state or a plan.
pub(crate) fn read(file: &Source, root: &Node) -> Result<Configuration, Fault> {
    let mut resources = Vec::new();
    let values = root.get("planned_values").or_else(|| root.get("values"));
    if let Some(module) = values.and_then(|values| values.get("root_module")) {
        collect(module, &mut resources);
    }
    // The data sources of a plan are part of the prior state.
    let prior = root.get("prior_state").and_then(|state| state.get("values")?.get("root_module"));
    if let Some(module) = prior.filter(|_| root.get("planned_values").is_some()) {
        let mut before = Vec::new();
        collect(module, &mut before);
        resources.extend(before.into_iter().filter(|it| is_data(it)));
    }
    resources.sort_by_key(|it| is_data(it));
    let changes = root.get("resource_changes").map(Node::items).unwrap_or_default();
    let changes: HashMap<&str, &Node> =
        changes.iter().rev().filter_map(|change| Some((change.get("address")?.text()?, change))).collect();
    let unknown = |address: &str| changes.get(address)?.get("change")?.get("after_unknown");
    let default_tags = default_tags(root);
    let mut notes = incomplete(file, root);
    notes.extend(elsewhere::commands(file, root));
    let known = elsewhere::Known::of(&resources);
    let mut declared: Vec<Declared> = Vec::new();
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for resource in resources {
        let text = |name: &str| resource.get(name).and_then(Node::text).unwrap_or_default();
        let (address, of_type) = (text("address"), text("type"));
        let declaration = if let Some((form, kind)) = form_of(of_type) {
            let Some(values) = resource.get("values") else { continue };
            form.declare(kind, address, resource, &merged(values, unknown(address)), &default_tags)
        } else if let Some((kind, properties)) = cloud_control(file, resource) {
            elsewhere::declare(kind, address, resource, merged(&properties, None))
        } else {
            notes.extend(elsewhere::note(file, resource, unknown(address), &known));
            continue;
        };
        let kind = declaration.kind;
        // A data source may read a resource that is managed in the same state, and its identifier may be unknown
        // before the apply.
        let name = declaration.name().filter(|_| kind.names() != Names::NotUnique).map(|name| (kind, name));
        let id = declaration.id.clone().map(|id| (kind, id));
        let is_there =
            name.as_ref().is_some_and(|name| names.contains(name)) || id.as_ref().is_some_and(|id| ids.contains(id));
        let says_nothing = declaration.id.is_none() && declaration.name().is_none();
        if is_data(resource) && (says_nothing || is_there) {
            continue;
        }
        names.extend(name);
        ids.extend(id);
        declared.push(declaration);
    }
    let references = References::new(root, &declared);
    declared.iter_mut().for_each(|it| references.resolve(it));
    configuration(file, &declared, notes)
}

/// The kind and the properties of a resource of the Cloud Control API.
fn cloud_control(file: &Source, resource: &Node) -> Option<(Kind, Node)> {
    let (of_type, properties) = elsewhere::cloud_control(file, resource)?;
    Some((crate::cloudformation::kind_of_type(&of_type)?, properties))
}

/// Notes on a plan that does not have everything.
fn incomplete(file: &Source, root: &Node) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(node) = root.get("complete").filter(|node| node.text() == Some("false")) {
        notes.push(format!("the rest of the plan, which is not complete ({})", node.at.in_file(file)));
    }
    if let Some(node) = root.get("errored").filter(|node| node.text() == Some("true")) {
        notes.push(format!("the rest of the plan, which failed ({})", node.at.in_file(file)));
    }
    for change in root.get("deferred_changes").map(Node::items).unwrap_or_default() {
        let address = change.get("resource_change").and_then(|it| it.get("address")?.text()).unwrap_or("a resource");
        notes.push(format!("`{address}`, whose change is deferred ({})", change.at.in_file(file)));
    }
    notes
}

/// The default tags of the `aws` provider; unknown where they are no constants.
fn default_tags(root: &Node) -> Plain {
    let Some(configuration) = root.get("configuration") else { return Plain::unknown(root.at) };
    let providers = configuration.get("provider_config").map(Node::entries).unwrap_or_default();
    let is_aws = |name: &str| name == "aws" || name.ends_with("/aws");
    let name = |entry: &Entry| {
        let name = entry.node.get("full_name").or_else(|| entry.node.get("name")).and_then(Node::text);
        name.unwrap_or(&entry.name).to_owned()
    };
    let providers: Vec<_> = providers.iter().filter(|entry| is_aws(&name(entry))).collect();
    let mut members = Vec::new();
    for entry in &providers {
        let Some(blocks) = entry.node.get("expressions").and_then(|it| it.get("default_tags")) else { continue };
        // Several configurations of the provider may have different ones.
        let constant = match blocks.items() {
            [block] if providers.len() == 1 => block.get("tags").and_then(|tags| tags.get("constant_value")),
            _ => None,
        };
        match constant {
            Some(tags) => members.extend(merged(tags, None).members().to_vec()),
            None => return Plain::unknown(blocks.at),
        }
    }
    Plain::new(root.at, ResolvedValue::Map(members))
}

fn is_data(resource: &Node) -> bool {
    resource.get("mode").and_then(Node::text) == Some("data")
}

/// The resources of a module and its child modules, managed ones first.
fn collect<'a>(module: &'a Node, into: &mut Vec<&'a Node>) {
    let (data, managed): (Vec<_>, Vec<_>) =
        module.get("resources").map(Node::items).unwrap_or_default().iter().partition(|it| is_data(it));
    into.extend(managed);
    for child in module.get("child_modules").map(Node::items).unwrap_or_default() {
        collect(child, into);
    }
    into.extend(data);
}

/// The values, with those known only after the apply as unknown.
fn merged(values: &Node, unknown: Option<&Node>) -> Plain {
    let at = values.at;
    if unknown.and_then(Node::text) == Some("true") {
        return Plain::unknown(at);
    }
    let resolved_value = match &values.value {
        Value::Null => ResolvedValue::Absent,
        Value::Text { text, .. } => ResolvedValue::Text(text.clone()),
        Value::List(items) => {
            let hidden = unknown.map(Node::items).unwrap_or_default();
            // The list of unknown values may be longer than that of the values.
            let more = hidden.iter().skip(items.len()).filter(|node| node.text() == Some("true"));
            let known = items.iter().enumerate().map(|(place, item)| merged(item, hidden.get(place)));
            ResolvedValue::List(known.chain(more.map(|node| Plain::unknown(node.at))).collect())
        }
        Value::Map(entries) => {
            let hidden = unknown.map(Node::entries).unwrap_or_default();
            let of = |name: &str| hidden.iter().find(|entry| entry.name == name).map(|entry| &entry.node);
            let known = entries.iter().map(|entry| (entry.name.clone(), merged(&entry.node, of(&entry.name))));
            let more = hidden.iter().filter(|entry| values.get(&entry.name).is_none() && is_unknown(&entry.node));
            ResolvedValue::Map(known.chain(more.map(|entry| (entry.name.clone(), Plain::unknown(at)))).collect())
        }
    };
    Plain::new(at, resolved_value)
}

/// Whether any part of it is known only after the apply.
fn is_unknown(node: &Node) -> bool {
    node.text() == Some("true")
        || node.items().iter().any(is_unknown)
        || node.entries().iter().any(|entry| is_unknown(&entry.node))
}
