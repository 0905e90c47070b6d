//! The part `configuration` of a plan: the resources that an attribute refers to whose value is known only after the
//! apply.

use std::collections::{BTreeMap, HashMap};

use lanyard_model::{Id, Kind};

use crate::declared::Declared;
use crate::plain::{Plain, ResolvedValue, last_of};
use crate::tree::Node;

/// The maximum number of variables and outputs that a reference leads through.
const DEEPEST: usize = 20;

/// The properties that refer to other resources, the kind of these, and the attributes of both providers.
const REFERENCES: &[(&str, Kind, [&str; 2])] = &[
    ("SecurityProfileArns", Kind::SecurityProfile, ["security_profile_ids", "security_profile_arns"]),
    ("HierarchyGroupArn", Kind::HierarchyGroup, ["hierarchy_group_id", "hierarchy_group_arn"]),
    ("RoutingProfileArn", Kind::RoutingProfile, ["routing_profile_id", "routing_profile_arn"]),
    ("ParentGroupArn", Kind::HierarchyGroup, ["parent_group_id", "parent_group_arn"]),
    (
        "AllowedAccessControlHierarchyGroupId",
        Kind::HierarchyGroup,
        ["allowed_access_control_hierarchy_group_id", "allowed_access_control_hierarchy_group_id"],
    ),
];

/// The resources that an expression refers to.
#[derive(Clone, Debug, Default)]
struct Referred {
    ids: Vec<Id>,
    /// Whether it depends on anything else.
    is_partial: bool,
}

/// The configuration of a plan, and the identifiers of its resources.
pub(super) struct References<'a> {
    root: Option<&'a Node>,
    ids: HashMap<String, (Kind, Id)>,
}

/// A module of the configuration: the calls that lead to it, and the start of its addresses.
#[derive(Clone, Default)]
struct Module<'a> {
    /// The modules from the root, each with the name of the call in it that leads on.
    above: Vec<(&'a Node, String)>,
    /// Such as `module.a["x"].`, for each of `above`.
    prefixes: Vec<String>,
}

impl<'a> References<'a> {
    pub(super) fn new(plan: &'a Node, declared: &[Declared]) -> Self {
        let ids = declared.iter().map(|it| (it.called.clone(), (it.kind, it.id_or_new())));
        Self { root: plan.get("configuration").and_then(|it| it.get("root_module")), ids: ids.collect() }
    }

    /// Puts the resources that the configuration refers to in the place of unknown values.
    pub(super) fn resolve(&self, it: &mut Declared) {
        let Some(root) = self.root else { return };
        let segments = segments(&it.called);
        let mut module = Module { above: Vec::new(), prefixes: vec![String::new()] };
        let mut node = root;
        let mut rest = segments.as_slice();
        while let ["module", call, tail @ ..] = rest {
            let prefix = format!("{}module.{call}.", module.prefixes.last().map_or("", String::as_str));
            module.above.push((node, without_index(call).to_owned()));
            module.prefixes.push(prefix);
            let Some(next) = called_module(node, without_index(call)) else { return };
            (node, rest) = (next, tail);
        }
        let [of_type, name] = rest else { return };
        let resources = node.get("resources").map(Node::items).unwrap_or_default();
        let is_it = |resource: &&Node| {
            let text = |member: &str| resource.get(member).and_then(Node::text);
            text("mode") != Some("data") && text("type") == Some(of_type) && text("name") == Some(without_index(name))
        };
        let Some(expressions) = resources.iter().find(is_it).and_then(|resource| resource.get("expressions")) else {
            return;
        };
        for (property, kind, attributes) in REFERENCES {
            let value = it.properties.get(property);
            let Some(at) = value.first_unknown() else { continue };
            let Some(expression) = attributes.iter().find_map(|attribute| expressions.get(attribute)) else { continue };
            let referred = self.expression(expression, node, &module, *kind, 0);
            let resolved = match property {
                &"SecurityProfileArns" => list(&value, &referred, at),
                _ => match (referred.ids.as_slice(), referred.is_partial) {
                    ([id], false) => Plain::new(at, ResolvedValue::Id(id.clone())),
                    _ => continue,
                },
            };
            it.properties.set(property, resolved);
        }
        if it.instance.is_none() {
            let expression = ["instance_id", "instance_arn"].iter().find_map(|attribute| expressions.get(attribute));
            it.instance_expression =
                expression.and_then(|expression| own_references(expression).first().map(|text| (*text).to_owned()));
        }
    }

    fn expression(
        &self,
        expression: &'a Node,
        node: &'a Node,
        module: &Module<'a>,
        kind: Kind,
        depth: usize,
    ) -> Referred {
        let mut all = Referred::default();
        if depth > DEEPEST {
            return Referred { is_partial: true, ..all };
        }
        if let Some(constant) = expression.get("constant_value") {
            let texts = constant.text().into_iter().chain(constant.items().iter().filter_map(Node::text));
            all.ids.extend(texts.filter(|text| !text.is_empty()).map(|text| Id::new(last_of(text))));
            return all;
        }
        // Terraform lists a reference and every shorter form of it, such as `t.n["k"].id`, `t.n["k"]` and `t.n`.
        let mut longest: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for text in own_references(expression) {
            let parts = segments(text);
            let own: Vec<String> = match parts.as_slice() {
                ["var", name, ..] => vec!["var".to_owned(), without_index(name).to_owned()],
                ["module", call, output, ..] => {
                    vec!["module".to_owned(), (*call).to_owned(), without_index(output).to_owned()]
                }
                // A shorter form of the reference to an output.
                ["module", _] => continue,
                ["data", of_type, name, ..] => vec!["data".to_owned(), (*of_type).to_owned(), (*name).to_owned()],
                [of_type @ ("each" | "count" | "self" | "path" | "local" | "terraform"), ..] => {
                    vec![(*of_type).to_owned()]
                }
                [of_type, name, ..] => vec![(*of_type).to_owned(), (*name).to_owned()],
                _ => continue,
            };
            let bare = own.iter().map(|part| without_index(part)).collect::<Vec<_>>().join(".");
            let known = longest.entry(bare).or_default();
            if known.join(".").len() < own.join(".").len() {
                *known = own;
            }
        }
        for parts in longest.into_values() {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let one = self.reference(&parts, node, module, kind, depth);
            all.is_partial |= one.is_partial;
            for id in one.ids {
                if !all.ids.contains(&id) {
                    all.ids.push(id);
                }
            }
        }
        all
    }

    fn reference(&self, parts: &[&str], node: &'a Node, module: &Module<'a>, kind: Kind, depth: usize) -> Referred {
        let unknown = Referred { is_partial: true, ..Referred::default() };
        match parts {
            ["var", name] => {
                let mut above = module.clone();
                let Some((caller, call)) = above.above.pop() else { return unknown };
                above.prefixes.pop();
                let call = caller.get("module_calls").and_then(|calls| calls.get(&call));
                let Some(expression) = call.and_then(|call| call.get("expressions")?.get(name)) else {
                    return unknown;
                };
                self.expression(expression, caller, &above, kind, depth + 1)
            }
            ["module", call, output] => {
                let Some(inner) = called_module(node, without_index(call)) else { return unknown };
                let Some(expression) = inner.get("outputs").and_then(|it| it.get(output)?.get("expression")) else {
                    return unknown;
                };
                let mut below = module.clone();
                let prefix = format!("{}module.{call}.", below.prefixes.last().map_or("", String::as_str));
                below.above.push((node, without_index(call).to_owned()));
                below.prefixes.push(prefix);
                self.expression(expression, inner, &below, kind, depth + 1)
            }
            [.., of_type, name] if *of_type != "module" => {
                let is_data = if parts.first() == Some(&"data") { "data." } else { "" };
                let prefix = module.prefixes.last().map_or("", String::as_str);
                let address = format!("{prefix}{is_data}{of_type}.{name}");
                let instance = format!("{address}[");
                let mut all = self.ids.iter().filter(|(known, _)| **known == address || known.starts_with(&instance));
                match (all.next(), all.next()) {
                    (Some((_, (of_kind, id))), None) if *of_kind == kind => {
                        Referred { ids: vec![id.clone()], is_partial: false }
                    }
                    _ => unknown,
                }
            }
            _ => unknown,
        }
    }
}

/// A list with the known values, those that are referred to, and an unknown one where there may be more.
fn list(value: &Plain, referred: &Referred, at: crate::tree::At) -> Plain {
    let items = value.items().unwrap_or_default();
    let known: Vec<Id> = items.iter().filter_map(|item| item.id().ok().flatten()).collect();
    let unknown = items.len() - known.len();
    let new: Vec<&Id> = referred.ids.iter().filter(|id| !known.contains(id)).collect();
    let is_whole = value.items().is_err();
    let is_partial = referred.is_partial || new.is_empty() || (!is_whole && new.len() != unknown);
    let known = known.iter().chain(new).map(|id| Plain::new(at, ResolvedValue::Id(id.clone())));
    Plain::new(at, ResolvedValue::List(known.chain(is_partial.then(|| Plain::unknown(at))).collect()))
}

/// The references of an expression itself.
fn own_references(expression: &Node) -> Vec<&str> {
    expression.get("references").map(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect()
}

/// The module that a call leads to.
fn called_module<'a>(node: &'a Node, call: &str) -> Option<&'a Node> {
    node.get("module_calls")?.get(call)?.get("module")
}

/// The parts of an address between full stops that are not in brackets.
fn segments(address: &str) -> Vec<&str> {
    let (mut parts, mut begin, mut depth, mut is_quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, c) in address.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '[' if !is_quoted => depth += 1,
            ']' if !is_quoted => depth = depth.saturating_sub(1),
            '.' if !is_quoted && depth == 0 => {
                parts.extend(address.get(begin..at));
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(address.get(begin..));
    parts
}

/// A part of an address without the index.
fn without_index(part: &str) -> &str {
    part.split_once('[').map_or(part, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_split_at_full_stops_outside_brackets() {
        assert_eq!(segments("module.a[\"x.y\"].t.n[0]"), ["module", "a[\"x.y\"]", "t", "n[0]"]);
        assert_eq!(without_index("a[\"x\"]"), "a");
    }
}
