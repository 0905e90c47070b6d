//! The parts of a template that make resources of Amazon Connect and are not read: each is named with its place.

use super::custom::Relations;
use crate::api_calls::{any_calls_connect, mentions_connect};
use crate::options::ReadOptions;
use crate::source::Source;
use crate::tree::{Node, Value};

/// The key prefix of a loop of the macro `AWS::LanguageExtensions`, in the position of a resource's name.
pub(super) const LOOP: &str = "Fn::ForEach";

/// Macros of AWS that make no resource of Amazon Connect.
const HARMLESS: [&str; 5] = [
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
];

/// Whether a resource of the type is read, or allows calls and makes none.
fn has_no_code(of_type: &str) -> bool {
    ["AWS::Connect", "AWS::IAM::", "AWS::KMS::", "AWS::CloudFormation::Stack"].iter().any(|it| of_type.starts_with(it))
}

/// A note for each part of the template that is not read and may make or change resources of Amazon Connect. Nested
/// stacks are left out. `is_nested` is whether the template is that of a nested stack.
pub(super) fn notes(file: &Source, root: &Node, options: &ReadOptions, is_nested: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let relations = Relations::new(root, options, is_nested);
    if let Some(node) = root.get("Transform") {
        let macros = std::iter::once(node).chain(node.items());
        for it in macros.filter(|it| !matches!(it.value, Value::List(_))) {
            let name = it.text().or_else(|| it.get("Name")?.text()).unwrap_or("Transform");
            if !HARMLESS.contains(&name) {
                notes.push(format!("the result of the macro `{name}` ({})", it.at.in_file(file)));
            }
        }
    }
    for entry in root.get("Resources").map(Node::entries).unwrap_or_default() {
        let place = entry.at.in_file(file);
        if entry.name.starts_with(LOOP) {
            if mentions_connect(&entry.node) {
                notes.push(format!("the resources of `{}` ({place})", entry.name));
            }
            continue;
        }
        if entry.name.starts_with("Fn::") {
            notes.push(format!("the resources that `{}` adds ({place})", entry.name));
            continue;
        }
        let of_type = entry.node.get("Type").and_then(Node::text).unwrap_or_default();
        let is_custom = of_type.starts_with("Custom::") || of_type == "AWS::CloudFormation::CustomResource";
        let is_other = !of_type.starts_with("AWS::") && !of_type.is_empty();
        let what = match of_type {
            "AWS::CloudFormation::StackSet" | "AWS::Serverless::Application" => "the resources of",
            _ if of_type.ends_with("::MODULE") => "the resources of",
            _ if is_custom && relations.is_related(entry) => "the calls of Amazon Connect by",
            _ if is_custom => continue,
            _ if is_other && mentions_connect(&entry.node) => "the resource",
            _ if has_no_code(of_type) || !any_calls_connect(&entry.node) => continue,
            _ => "the calls of Amazon Connect by",
        };
        notes.push(format!("{what} `{}`, which is of the type `{of_type}` ({place})", entry.name));
    }
    notes
}
