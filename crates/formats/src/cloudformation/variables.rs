//! The variables that the conditions of a template depend on and that no given parameter decides.

use std::collections::{BTreeMap, BTreeSet};

use super::decisive::Used;
use super::intrinsics::{Template, function};
use crate::options::{Assumed, Variable};
use crate::plain::ResolvedValue;
use crate::tree::{Entry, Node, Value};

/// The most parameters without bounds that are read with their default value and with any; of more, only with any.
const MOST_WITH_DEFAULT: usize = 3;

/// The parameters and comparisons that decide the conditions of these resources, and the parameters that are used in them.
pub(super) fn of_resources(template: &Template<'_>, resources: &[&Entry], used: &Used) -> Vec<Variable> {
    let mut names = BTreeSet::new();
    for entry in resources {
        names.extend(entry.node.get("Condition").and_then(Node::text).map(str::to_owned));
        if let Some(properties) = entry.node.get("Properties") {
            used_conditions(properties, &mut names);
        }
    }
    let mut collected = Collected { template, values: BTreeMap::new(), visited: BTreeSet::new() };
    names.iter().for_each(|name| collected.condition(name));
    let mut values = collected.values;
    let declared: Vec<&String> =
        used.direct.iter().chain(used.keys.keys()).filter(|name| template.is_open(name)).collect();
    let mut parameters: BTreeMap<String, Parameter<'_>> = BTreeMap::new();
    for name in declared {
        let Some(node) = template.parameter(name) else { continue };
        let of_type = node.get("Type").and_then(Node::text).unwrap_or_default();
        let default = node.get("Default").and_then(Node::text);
        // The value of one is a key of a parameter store; one that has no value is unknown anyway.
        let is_bounded = node.get("AllowedValues").is_some() && !is_list(of_type);
        let is_key = used.keys.contains_key(name) && !used.direct.contains(name);
        if !of_type.starts_with("AWS::SSM") && (default.is_some() || is_bounded || is_key) {
            parameters.insert(name.clone(), Parameter { is_bounded, is_key, default });
        }
    }
    let is_free = |name: &str, it: &Parameter<'_>| !it.is_bounded && !it.is_key && !values.contains_key(name);
    let has_defaults = parameters.iter().filter(|(name, it)| is_free(name, it)).count() <= MOST_WITH_DEFAULT;
    let mut variables = Vec::new();
    for (name, it) in parameters {
        let compared = values.remove(&name);
        let keys = used.keys.get(&name).filter(|_| it.is_key);
        variables.push(it.variable(template, name, compared.as_ref(), keys, has_defaults));
    }
    variables.extend(values.into_iter().map(|(key, values)| collected_variable(template, key, &values)));
    variables
}

fn is_list(of_type: &str) -> bool {
    of_type == "CommaDelimitedList" || of_type.starts_with("List<")
}

/// A parameter that decides access without a condition.
struct Parameter<'a> {
    /// It has one of the `AllowedValues`.
    is_bounded: bool,
    /// It is only a key of mappings.
    is_key: bool,
    default: Option<&'a str>,
}

impl Parameter<'_> {
    /// Every value counts, where they are known; otherwise those that conditions compare it with, and any other.
    fn variable(
        &self,
        template: &Template<'_>,
        key: String,
        compared: Option<&BTreeSet<String>>,
        keys: Option<&BTreeSet<String>>,
        has_defaults: bool,
    ) -> Variable {
        let allowed =
            template.parameter(&key).and_then(|it| it.get("AllowedValues")).map(Node::items).unwrap_or_default();
        let mut values: Vec<&str> = Vec::new();
        if self.is_bounded {
            values.extend(allowed.iter().filter_map(Node::text));
        } else {
            values.extend(compared.into_iter().flatten().chain(keys.into_iter().flatten()).map(String::as_str));
            values.extend(self.default.filter(|_| has_defaults || self.is_key || compared.is_some()));
        }
        let mut distinct: Vec<&str> = Vec::new();
        for value in values {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        let mut values: Vec<_> = distinct.into_iter().map(|value| Assumed::Value(value.to_owned())).collect();
        if !self.is_bounded && (!self.is_key || values.is_empty()) {
            values.push(if compared.is_some() { Assumed::Other } else { Assumed::Any });
        }
        Variable { key, values }
    }
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
