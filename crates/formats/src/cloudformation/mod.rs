//! CloudFormation templates, JSON and YAML, written manually or synthesised by CDK, with the templates of nested stacks
//! that are files next to them.
//!
//! A reference to a resource of the template is resolved to it; a parameter has the given value or its default. Values
//! that depend on anything else (parameters without default, imports, macros, other services) are unknown, and named
//! with their places.

mod check;
mod custom;
mod decisive;
mod documents;
mod elsewhere;
mod intrinsics;
mod types;
mod variables;

use std::collections::BTreeMap;
use std::path::Path;

use lanyard_analysis::Configuration;
use lanyard_model::{Id, Kind};

use crate::declared::{Declared, configuration};
use crate::fault::{Fault, Faults};
use crate::options::{ReadOptions, Variable};
use crate::plain::ResolvedValue;
use crate::source::Source;
use crate::tree::{Entry, Node};
use documents::{Document, Documents};
use elsewhere::LOOP;
use intrinsics::{Template, Values, canonical};
use types::KINDS;

/// Whether the document is a template.
pub(crate) fn is_it(root: &Node) -> bool {
    let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
    let declares = |entry: &Entry| entry.node.get("Type").is_some() || entry.name.starts_with(LOOP);
    root.get("AWSTemplateFormatVersion").is_some() || resources.iter().any(declares)
}

/// The state in a template, and facts about the template.
pub(crate) struct ReadTemplate {
    pub(crate) configuration: Configuration,
    /// The files: the template, and those of its nested stacks.
    pub(crate) files: Vec<String>,
    /// The parameters that the template declares.
    pub(crate) parameters: Vec<String>,
    /// The variables that conditions depend on and that no given parameter decides.
    pub(crate) variables: Vec<Variable>,
}

/// Reads a template.
pub(crate) fn read(file: &Source, path: &Path, root: Node, options: &ReadOptions) -> Result<ReadTemplate, Fault> {
    let documents = Documents::read(file, path, root, options)?;
    let file = &documents.file;
    let mut notes = documents.notes.clone();
    let mut faults = Faults::default();
    for (number, document) in documents.all.iter().enumerate() {
        notes.extend(elsewhere::notes(file, &document.root, options, number > 0));
        check::check(file, &document.root, &Template::new(&document.root, options), &mut notes, &mut faults);
    }
    allowed_values(file, &documents, options, &mut faults);
    faults.finish()?;
    let mut reader = Reader { documents: &documents, options, notes, variables: BTreeMap::new() };
    let mut declared = Vec::new();
    let Some(first) = documents.all.first() else { return Err(Fault::whole("there is no template")) };
    reader.stack(first, "", None, &mut declared);
    let Reader { notes, variables, .. } = reader;
    let names = first.root.get("Parameters").map(Node::entries).unwrap_or_default();
    Ok(ReadTemplate {
        configuration: configuration(file, &declared, notes)?,
        files: (0..file.count()).map(|layer| file.of(layer).to_string()).collect(),
        parameters: names.iter().map(|entry| entry.name.clone()).collect(),
        variables: variables.into_iter().map(|(key, values)| Variable { key, values }).collect(),
    })
}

/// Refuses given values that the template does not allow.
fn allowed_values(file: &Source, documents: &Documents, options: &ReadOptions, faults: &mut Faults) {
    let parameters = documents.all.first().and_then(|it| it.root.get("Parameters")).map(Node::entries);
    for entry in parameters.unwrap_or_default() {
        let Some(allowed) = entry.node.get("AllowedValues") else { continue };
        let allowed: Vec<_> = allowed.items().iter().filter_map(Node::text).collect();
        if let Some(value) = options.parameters.get(&entry.name).filter(|value| !allowed.contains(&value.as_str())) {
            let message =
                format!("the parameter `{}` cannot be `{value}`; the values are {}", entry.name, allowed.join(", "));
            faults.add(Fault::at(file, entry.at, message));
        }
    }
}

struct Reader<'a> {
    documents: &'a Documents,
    options: &'a ReadOptions,
    notes: Vec<String>,
    variables: BTreeMap<String, Vec<crate::options::Assumed>>,
}

impl<'a> Reader<'a> {
    fn template(&self, root: &'a Node, prefix: &str, passed: Option<&Values>) -> Template<'a> {
        match passed {
            None => Template::new(root, self.options),
            Some(passed) => Template::nested(root, self.options, prefix, passed.clone()),
        }
    }

    /// Adds the resources of a stack and of those nested in it, and returns the stack's outputs. `prefix` precedes the
    /// logical names.
    fn stack(
        &mut self,
        document: &'a Document,
        prefix: &str,
        passed: Option<&Values>,
        into: &mut Vec<Declared>,
    ) -> Values {
        let root = &document.root;
        let mut template = self.template(root, prefix, passed);
        let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
        let is_relevant =
            |entry: &&Entry| kind_of(entry).is_some() || document.stacks.iter().any(|(name, _)| *name == entry.name);
        let relevant: Vec<&Entry> = resources.iter().filter(is_relevant).collect();
        let open = self.template(root, prefix, passed).without_defaults();
        let used = decisive::in_document(self.documents, document);
        for variable in variables::of_resources(&open, &relevant, &used) {
            self.variables.entry(variable.key).or_insert(variable.values);
        }
        let mut included: Vec<&'a Entry> = Vec::new();
        for entry in resources.iter().filter(is_relevant) {
            match entry.node.get("Condition").and_then(Node::text).map(|name| template.condition(name)) {
                Some(Some(false)) => {}
                Some(None) => {
                    let place = entry.at.in_file(&self.documents.file);
                    self.note(format!("`{prefix}{}`, which depends on an unknown condition ({place})", entry.name));
                }
                Some(Some(true)) | None => included.push(entry),
            }
        }
        let own = || included.iter().filter_map(|entry| Some((*entry, kind_of(entry)?)));
        // Names are read first, since identifiers derive from them and references are resolved to identifiers.
        let mut ids: BTreeMap<String, Id> = BTreeMap::new();
        for (entry, kind) in own() {
            ids.insert(entry.name.clone(), declare(&template, prefix, entry, kind).id_or_new());
        }
        template.set_ids(ids);
        let stacks: Vec<_> = document
            .stacks
            .iter()
            .filter_map(|(name, child)| Some((included.iter().find(|entry| entry.name == *name)?, (*child)?)))
            .collect();
        // A stack may have parameters from the outputs of another: once for each of them.
        let mut nested = Vec::new();
        for _ in 0..stacks.len().min(MOST_ROUNDS) {
            nested.clear();
            let before = template.outputs().clone();
            for (entry, child) in &stacks {
                let Some(child) = self.documents.all.get(*child) else { continue };
                let parameters = template.properties(&entry.node).get("Parameters");
                let passed: Values =
                    parameters.members().iter().map(|(name, plain)| (name.clone(), plain.value.clone())).collect();
                let prefix = format!("{prefix}{}.", entry.name);
                let outputs = self.stack(child, &prefix, Some(&passed), &mut nested);
                template.set_outputs(&entry.name, outputs);
            }
            if *template.outputs() == before {
                break;
            }
        }
        into.extend(own().map(|(entry, kind)| declare(&template, prefix, entry, kind)));
        into.append(&mut nested);
        template.own_outputs()
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The maximum length of a chain of nested stacks that have parameters from outputs of each other.
const MOST_ROUNDS: usize = 4;

fn kind_of(entry: &Entry) -> Option<Kind> {
    kind_of_type(entry.node.get("Type").and_then(Node::text)?)
}

/// The kind of a type of resource.
pub(crate) fn kind_of_type(of_type: &str) -> Option<Kind> {
    KINDS.iter().find(|(name, _)| *name == of_type).map(|(_, kind)| *kind)
}

fn declare(template: &Template<'_>, prefix: &str, entry: &Entry, kind: Kind) -> Declared {
    let properties = template.properties(&entry.node);
    let arn = properties.get("InstanceArn");
    let instance = arn.id().ok().flatten().map(|id| id.to_string()).filter(|_| kind != Kind::Instance);
    let node = entry.node.get("Properties").and_then(|it| it.get("InstanceArn"));
    let is_unknown = matches!(arn.value, ResolvedValue::Unknown);
    let instance_expression = node.filter(|_| is_unknown && prefix.is_empty()).map(canonical);
    let called = format!("{prefix}{}", entry.name);
    Declared { kind, called, at: entry.at, id: None, instance, instance_expression, properties, has_restrictions: true }
}
