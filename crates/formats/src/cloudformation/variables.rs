//! The variables that the conditions of a template depend on and that no given parameter decides.

use std::collections::{BTreeMap, BTreeSet};

use super::intrinsics::{Template, function};
use crate::options::{Assumed, Variable};
use crate::plain::ResolvedValue;
use crate::tree::{Entry, Node, Value};

/// The parameters and comparisons that decide the conditions of these resources.
pub(super) fn of_resources(template: &Template<'_>, resources: &[&Entry]) -> Vec<Variable> {
    let mut names = BTreeSet::new();
    for entry in resources {
        names.extend(entry.node.get("Condition").and_then(Node::text).map(str::to_owned));
        if let Some(properties) = entry.node.get("Properties") {
            used_conditions(properties, &mut names);
        }
    }
    let mut collected = Collected { template, values: BTreeMap::new(), visited: BTreeSet::new() };
    names.iter().for_each(|name| collected.condition(name));
    collected.values.into_iter().map(|(key, values)| collected_variable(template, key, &values)).collect()
}

/// Every value of a variable that makes a difference.
fn collected_variable(template: &Template<'_>, key: String, compared: &BTreeSet<String>) -> Variable {
    let Some(parameter) = template.parameter(&key).or_else(|| key.starts_with("AWS::").then_some(&NOTHING)) else {
        return Variable { key, values: vec![Assumed::Holds(true), Assumed::Holds(false)] };
    };
    let allowed: Vec<&str> =
        parameter.get("AllowedValues").map(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect();
    let default = parameter.get("Default").and_then(Node::text);
    let is_allowed = |value: &&str| allowed.is_empty() || allowed.contains(value);
    let mut values: Vec<&str> = compared.iter().map(String::as_str).filter(is_allowed).collect();
    // One value that no condition compares the parameter with stands for all of these.
    let others = default.into_iter().chain(allowed.iter().copied()).filter(is_allowed);
    let other = others.into_iter().find(|value| !compared.contains(*value));
    values.extend(other);
    let mut values: Vec<_> = values.into_iter().map(|value| Assumed::Value(value.to_owned())).collect();
    if other.is_none() && allowed.is_empty() {
        values.push(Assumed::Other);
    }
    Variable { key, values }
}

/// The declaration of a pseudo parameter.
static NOTHING: Node =
    Node { at: crate::tree::At { line: 0, column: 0, layer: 0 }, tag: None, value: Value::Map(Vec::new()) };

/// Adds the conditions that `Fn::If` names.
fn used_conditions(node: &Node, names: &mut BTreeSet<String>) {
    if let Some((name, argument)) = function(node) {
        if name == "If" {
            names.extend(argument.items().first().and_then(Node::text).map(str::to_owned));
        }
        return used_conditions(&argument, names);
    }
    node.items().iter().for_each(|item| used_conditions(item, names));
    node.entries().iter().for_each(|entry| used_conditions(&entry.node, names));
}

struct Collected<'a, 'b> {
    template: &'b Template<'a>,
    /// The values that each parameter is compared with; none for a comparison of anything else.
    values: BTreeMap<String, BTreeSet<String>>,
    visited: BTreeSet<String>,
}

impl Collected<'_, '_> {
    fn condition(&mut self, name: &str) {
        if !self.visited.insert(name.to_owned()) {
            return;
        }
        if let Some(entry) = self.template.conditions().iter().find(|entry| entry.name == name) {
            self.expression(&entry.node);
        }
    }

    fn expression(&mut self, node: &Node) {
        let Some((name, argument)) = function(node) else { return };
        match (name.as_str(), argument.items()) {
            ("Condition", _) => {
                if let Some(name) = argument.text() {
                    self.condition(name);
                }
            }
            ("Equals", [one, other]) => self.comparison(node, one, other),
            (_, items) => items.iter().for_each(|item| self.expression(item)),
        }
    }

    fn comparison(&mut self, node: &Node, one: &Node, other: &Node) {
        let text = |node| match self.template.value(node).value {
            ResolvedValue::Text(text) => Some(text),
            _ => None,
        };
        if text(one).is_some() && text(other).is_some() {
            return;
        }
        let parameter = |node| match function(node) {
            Some((name, argument)) if name == "Ref" => {
                argument.text().filter(|name| self.template.is_open(name)).map(str::to_owned)
            }
            _ => None,
        };
        let compared = match (parameter(one), text(other), parameter(other), text(one)) {
            (Some(name), Some(value), ..) | (_, _, Some(name), Some(value)) => Some((name, value)),
            _ => None,
        };
        match compared {
            Some((name, value)) => {
                self.values.entry(name).or_default().insert(value);
            }
            None => {
                self.values.entry(self.template.key_of(node)).or_default();
            }
        }
    }
}
