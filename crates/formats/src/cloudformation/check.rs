//! Mistakes that CloudFormation refuses, or that would otherwise be read as nothing: misspelt types, properties and
//! references, and lists that are none.

use lanyard_model::Kind;

use super::intrinsics::{Template, function};
use super::types::{ATTRIBUTES, KINDS, OTHERS, lists, properties};
use crate::declared::{has_name, name_property};
use crate::fault::{Fault, Faults, misspelt};
use crate::plain::ResolvedValue;
use crate::restricted::misspelt_type;
use crate::source::Source;
use crate::tree::{At, Entry, Node, Value};

/// Checks the resources of a template, and adds notes on properties that Lanyard does not know.
pub(super) fn check(file: &Source, root: &Node, template: &Template<'_>, notes: &mut Vec<String>, faults: &mut Faults) {
    let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
    let mut check = Check { file, root, template, resources, notes, faults };
    for entry in resources.iter().filter(|entry| !entry.name.starts_with("Fn::")) {
        check.resource(entry);
    }
}

struct Check<'a, 'b> {
    file: &'a Source,
    root: &'a Node,
    template: &'b Template<'a>,
    resources: &'a [Entry],
    notes: &'b mut Vec<String>,
    faults: &'b mut Faults,
}

impl Check<'_, '_> {
    fn add(&mut self, at: At, message: impl Into<String>) {
        self.faults.add(Fault::at(self.file, at, message));
    }

    fn resource(&mut self, entry: &Entry) {
        let Some(of_type) = entry.node.get("Type").and_then(Node::text) else {
            if let Some(wrong) = entry.node.entries().iter().find(|it| misspelt(&it.name, ["Type"]).is_some()) {
                self.add(wrong.at, format!("a resource has no member `{}`; did you mean `Type`?", wrong.name));
            }
            return;
        };
        let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == of_type) else {
            let known = KINDS.iter().map(|(name, _)| *name).chain(OTHERS.iter().copied());
            let is_known = OTHERS.contains(&of_type);
            // A long common start makes distinct names alike, so that only few edits count.
            let near = known.filter(|_| !is_known).find(|name| {
                strsim::osa_distance(&of_type.to_lowercase(), &name.to_lowercase()) <= 2 && *name != of_type
            });
            let at = entry.node.get("Type").map_or(entry.at, |node| node.at);
            match near {
                Some(near) => {
                    self.add(at, format!("there is no resource type `{of_type}`; did you mean `{near}`?"));
                }
                None if !is_known && of_type.starts_with("AWS::Connect::") => {
                    let place = at.in_file(self.file);
                    self.notes
                        .push(format!("`{}`, whose type `{of_type}` Lanyard does not know ({place})", entry.name));
                }
                None => {}
            }
            return;
        };
        for it in entry.node.entries() {
            if !ATTRIBUTES.contains(&it.name.as_str())
                && let Some(near) = misspelt(&it.name, ATTRIBUTES.iter().copied())
            {
                self.add(it.at, format!("a resource has no member `{}`; did you mean `{near}`?", it.name));
            }
        }
        if let Some(node) = entry.node.get("Condition") {
            self.condition(node);
        }
        let node = entry.node.get("Properties");
        if let Some(node) = node {
            self.properties(entry, *kind, node);
            self.references(node);
        }
        self.name(entry, *kind);
    }

    fn name(&mut self, entry: &Entry, kind: Kind) {
        if !has_name(kind) {
            return;
        }
        let property = name_property(kind);
        let is_open = entry.node.get("Properties").is_some_and(is_transformed);
        if self.template.properties(&entry.node).get(property).value == ResolvedValue::Absent && !is_open {
            self.add(entry.at, format!("the {} `{}` needs the property `{property}`", kind.noun(), entry.name));
        }
    }

    fn properties(&mut self, entry: &Entry, kind: Kind, node: &Node) {
        let known = properties(kind);
        for it in node.entries().iter().filter(|it| !it.name.starts_with("Fn::")) {
            if known.contains(&it.name.as_str()) {
                continue;
            }
            let noun = kind.noun();
            if let Some(near) = misspelt(&it.name, known.iter().copied()) {
                self.add(it.at, format!("a {noun} has no property `{}`; did you mean `{near}`?", it.name));
            } else if matches!(kind, Kind::SecurityProfile | Kind::User) {
                let place = it.at.in_file(self.file);
                self.notes.push(format!(
                    "the property `{}` of `{}`, which Lanyard does not know ({place})",
                    it.name, entry.name
                ));
            }
        }
        for (property, members) in lists(kind) {
            let Some(list) = node.get(property) else { continue };
            if function(list).is_some() {
                continue;
            }
            match &list.value {
                Value::List(items) => items.iter().for_each(|item| self.item(property, members, item)),
                Value::Null => {}
                _ => self.add(list.at, format!("`{property}` must be a list, not {}", list.noun())),
            }
        }
        if kind == Kind::SecurityProfile
            && let Some(list) = node.get("TagRestrictedResources")
        {
            for item in list.items() {
                if let Some((text, near)) = item.text().and_then(|text| Some((text, misspelt_type(text)?))) {
                    self.add(item.at, format!("there is no restricted type `{text}`; did you mean `{near}`?"));
                }
            }
        }
    }

    /// An item of a list: a map of these members, or a string.
    fn item(&mut self, property: &str, members: &[&str], item: &Node) {
        if function(item).is_some() {
            return;
        }
        match &item.value {
            Value::Map(entries) if !members.is_empty() => {
                for entry in entries.iter().filter(|entry| !members.contains(&entry.name.as_str())) {
                    let all = || format!("; the members are {}", members.join(", "));
                    let near = misspelt(&entry.name, members.iter().copied());
                    let hint = near.map_or_else(all, |near| format!("; did you mean `{near}`?"));
                    self.add(entry.at, format!("an item of `{property}` has no member `{}`{hint}", entry.name));
                }
            }
            Value::Text { text, .. } if members.is_empty() => {
                if property == "Permissions" && text.contains(char::is_whitespace) && !text.contains("{{resolve:") {
                    self.add(item.at, format!("`{text}` is no permission; a permission has no spaces"));
                }
            }
            Value::Null => {}
            _ => {
                let wanted = if members.is_empty() { "a string" } else { "a map" };
                self.add(item.at, format!("an item of `{property}` must be {wanted}, not {}", item.noun()));
            }
        }
    }

    fn condition(&mut self, node: &Node) {
        let Some(name) = node.text() else { return };
        let known = || self.template.conditions().iter().map(|entry| entry.name.as_str());
        if !known().any(|it| it == name) && !self.has_macros() {
            let hint = misspelt(name, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            self.add(node.at, format!("there is no condition `{name}`{hint}"));
        }
    }

    /// Whether macros may add what a reference names.
    fn has_macros(&self) -> bool {
        self.root.get("Transform").is_some()
    }

    fn references(&mut self, node: &Node) {
        if let Some((name, argument)) = function(node) {
            match (name.as_str(), argument.text(), argument.items()) {
                ("Ref", Some(text), _) => self.reference(node.at, text, true),
                ("GetAtt", Some(text), _) => self.reference(node.at, text.split('.').next().unwrap_or(text), false),
                ("GetAtt", None, [first, ..]) => {
                    if let Some(text) = first.text() {
                        self.reference(first.at, text, false);
                    }
                }
                ("Sub", Some(text), _) => self.substitutions(argument.at, text, &[]),
                ("Sub", None, [text, names]) => {
                    self.substitutions(text.at, text.text().unwrap_or_default(), names.entries());
                    names.entries().iter().for_each(|entry| self.references(&entry.node));
                }
                ("If", None, [condition, yes, no]) => {
                    self.condition(condition);
                    self.references(yes);
                    self.references(no);
                }
                (_, _, items) => items.iter().for_each(|item| self.references(item)),
            }
            return;
        }
        node.items().iter().for_each(|item| self.references(item));
        node.entries().iter().for_each(|entry| self.references(&entry.node));
    }

    fn substitutions(&mut self, at: At, text: &str, names: &[Entry]) {
        for part in text.split("${").skip(1) {
            let Some((name, _)) = part.split_once('}') else { continue };
            if name.starts_with('!') || names.iter().any(|entry| entry.name == name) {
                continue;
            }
            self.reference(at, name.split('.').next().unwrap_or(name), !name.contains('.'));
        }
    }

    /// A reference to a resource, or also to a parameter.
    fn reference(&mut self, at: At, name: &str, may_be_parameter: bool) {
        if name.starts_with("AWS::") || self.has_macros() {
            return;
        }
        let parameters = self.root.get("Parameters").map(Node::entries).unwrap_or_default();
        let parameters = if may_be_parameter { parameters } else { &[] };
        let known = || self.resources.iter().chain(parameters).map(|entry| entry.name.as_str());
        if known().any(|it| it == name) || known().any(|it| it.starts_with("Fn::")) {
            return;
        }
        let hint = misspelt(name, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let what = if may_be_parameter { "neither a resource nor a parameter" } else { "no resource" };
        self.add(at, format!("the template has {what} `{name}`{hint}"));
    }
}

/// Whether a macro can add members.
fn is_transformed(node: &Node) -> bool {
    function(node).is_some() || node.entries().iter().any(|entry| entry.name.starts_with("Fn::"))
}
