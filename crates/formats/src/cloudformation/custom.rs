//! Custom resources: a function that is no part of the template does what they do.
//!
//! Invariants: a custom resource counts as one that changes access unless each of its values is known and nothing that it leads
//! to, its function and the role of that included, has to do with Amazon Connect.

use std::collections::BTreeSet;

use super::intrinsics::function;
use crate::api_calls::mentions_connect;
use crate::options::ReadOptions;
use crate::tree::{Entry, Node, Value};

/// The property with the function of a custom resource.
const FUNCTION: &str = "ServiceToken";
/// The properties with the names of resources.
const NAMES: [&str; 4] = ["SecurityProfileName", "Username", "Name", "InstanceAlias"];

/// The relations of the resources of a template.
pub(super) struct Relations<'a> {
    resources: &'a [Entry],
    parameters: &'a [Entry],
    /// The parameters and resources that resources of Amazon Connect use.
    used: BTreeSet<String>,
    /// The names of resources of Amazon Connect.
    names: BTreeSet<String>,
    options: &'a ReadOptions,
    /// Whether the parameters have values from another template.
    is_nested: bool,
}

fn is_connect(entry: &Entry) -> bool {
    entry.node.get("Type").and_then(Node::text).is_some_and(|of_type| of_type.starts_with("AWS::Connect"))
}

impl<'a> Relations<'a> {
    pub(super) fn new(root: &'a Node, options: &'a ReadOptions, is_nested: bool) -> Self {
        let entries = |name| root.get(name).map(Node::entries).unwrap_or_default();
        let (resources, mut used, mut names) = (entries("Resources"), BTreeSet::new(), BTreeSet::new());
        for entry in resources.iter().filter(|entry| is_connect(entry)) {
            references(&entry.node, &mut used);
            let properties = entry.node.get("Properties");
            let own = NAMES.iter().filter_map(|name| properties?.get(name)?.text());
            names.extend(own.map(str::to_lowercase));
        }
        Self { resources, parameters: entries("Parameters"), used, names, options, is_nested }
    }

    /// Whether a custom resource may change resources of Amazon Connect.
    pub(super) fn is_related(&self, custom: &'a Entry) -> bool {
        let own = custom.node.get("Properties").map(Node::entries).unwrap_or_default();
        if self.used.contains(&custom.name)
            || own.iter().filter(|entry| entry.name != FUNCTION).any(|entry| self.may_be_connect(&entry.node))
        {
            return true;
        }
        let (mut open, mut visited) = (vec![custom], BTreeSet::new());
        while let Some(entry) = open.pop() {
            if !visited.insert(entry.name.as_str()) {
                continue;
            }
            if is_connect(entry) || mentions_connect(&entry.node) {
                return true;
            }
            let mut names = BTreeSet::new();
            references(&entry.node, &mut names);
            if names.iter().any(|name| self.is_connect_parameter(name)) {
                return true;
            }
            open.extend(self.resources.iter().filter(|it| names.contains(&it.name) || is_policy_of(it, entry)));
        }
        false
    }

    /// Whether a value of a custom resource is unknown, or names a resource of Amazon Connect.
    fn may_be_connect(&self, node: &Node) -> bool {
        if let Some((name, argument)) = function(node) {
            return match name.as_str() {
                "ImportValue" | "Transform" | "ForEach" => true,
                "Ref" => argument.text().is_some_and(|name| self.is_unknown(name)),
                "GetAtt" => false,
                _ => self.may_be_connect(&argument),
            };
        }
        let text = node.text().unwrap_or_default();
        let mut names = BTreeSet::new();
        substitutions(text, &mut names);
        text.contains("{{resolve:")
            || self.names.contains(&text.to_lowercase())
            || names.iter().any(|name| self.is_unknown(name))
            || node.items().iter().any(|item| self.may_be_connect(item))
            || node.entries().iter().any(|entry| self.may_be_connect(&entry.node))
    }

    /// Whether a parameter has no known value.
    fn is_unknown(&self, name: &str) -> bool {
        let Some(parameter) = self.parameters.iter().find(|entry| entry.name == name) else { return false };
        let is_stored = parameter.node.get("Type").and_then(Node::text).is_some_and(|it| it.starts_with("AWS::SSM"));
        let is_given = self.options.parameters.contains_key(name);
        self.is_nested || is_stored || (!is_given && parameter.node.get("Default").is_none())
    }

    /// Whether a parameter is one that resources of Amazon Connect use, or mentions the service.
    fn is_connect_parameter(&self, name: &str) -> bool {
        let Some(parameter) = self.parameters.iter().find(|entry| entry.name == name) else { return false };
        let text = |text: &str| Node {
            at: parameter.at,
            tag: None,
            value: Value::Text { text: text.to_owned(), plain: false },
        };
        self.used.contains(name)
            || mentions_connect(&parameter.node)
            || mentions_connect(&text(name))
            || self.options.parameters.get(name).is_some_and(|value| mentions_connect(&text(value)))
    }
}

/// Whether a resource is a policy of a role: the role does not refer to it.
fn is_policy_of(policy: &Entry, role: &Entry) -> bool {
    let of_type = |entry: &Entry| entry.node.get("Type").and_then(Node::text).unwrap_or_default().to_owned();
    let is_policy = of_type(policy).starts_with("AWS::IAM::") && of_type(policy).ends_with("Policy");
    is_policy && of_type(role) == "AWS::IAM::Role" && {
        let mut names = BTreeSet::new();
        references(&policy.node, &mut names);
        names.contains(&role.name)
    }
}

/// Adds the names that a value refers to: of parameters and of resources.
fn references(node: &Node, into: &mut BTreeSet<String>) {
    if let Some((name, argument)) = function(node) {
        match (name.as_str(), argument.text(), argument.items()) {
            ("Ref", Some(text), _) => {
                into.insert(text.to_owned());
            }
            ("GetAtt", Some(text), _) => {
                into.insert(text.split('.').next().unwrap_or(text).to_owned());
            }
            ("GetAtt", None, [first, ..]) => into.extend(first.text().map(str::to_owned)),
            ("Sub", Some(text), _) => substitutions(text, into),
            ("Sub", None, [text, names]) => {
                substitutions(text.text().unwrap_or_default(), into);
                references(names, into);
            }
            _ => references(&argument, into),
        }
        return;
    }
    node.items().iter().for_each(|item| references(item, into));
    for entry in node.entries() {
        if entry.name == "DependsOn" {
            into.extend(
                entry
                    .node
                    .text()
                    .into_iter()
                    .chain(entry.node.items().iter().filter_map(Node::text))
                    .map(str::to_owned),
            );
        }
        references(&entry.node, into);
    }
}

/// Adds the names in `${…}`.
fn substitutions(text: &str, into: &mut BTreeSet<String>) {
    let names = text.split("${").skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    into.extend(names.map(|name| name.split('.').next().unwrap_or(name).to_owned()));
}
