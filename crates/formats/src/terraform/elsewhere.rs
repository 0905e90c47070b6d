//! Resources of other types that make or change resources of Amazon Connect: each is named with its place, or read.

use std::collections::BTreeSet;

use crate::api_calls::{any_calls_connect, mentions_connect};
use crate::declared::Declared;
use crate::json;
use crate::plain::Plain;
use crate::source::Source;
use crate::tree::Node;

/// The types of resources that run or make what the plan does not contain, by the start of their names.
const RUNS: &[&str] = &[
    "aws_cloudformation_stack",
    "awscc_cloudformation_stack",
    "aws_serverlessapplicationrepository_",
    "aws_cloudcontrolapi_resource",
    "aws_lambda_invocation",
    "aws_ssm_association",
    "external",
    "http",
    "null_resource",
    "restapi_",
    "shell_script",
    "terraform_data",
];
/// Those of [`RUNS`] that only carry values, and do nothing themselves.
const CARRIES: &[&str] = &["null_resource", "terraform_data", "http", "aws_cloudcontrolapi_resource"];
/// The types of resources that allow calls and make none, by the start of their names.
const ALLOWS: &[&str] = &["aws_iam_", "awscc_iam_", "aws_kms_", "awscc_kms_", "aws_lambda_permission"];
/// Parts of a template of CloudFormation that make what it does not contain.
const OPEN_TEMPLATE: &[&str] =
    &["Custom::", "CustomResource", "Transform", "TemplateURL", "AWS::Serverless::Application", "::MODULE"];

/// The identifiers and names of the resources of Amazon Connect in a state or plan.
pub(super) struct Known(BTreeSet<String>);

impl Known {
    pub(super) fn of(resources: &[&Node]) -> Self {
        let own = resources.iter().filter(|it| it.get("type").and_then(Node::text).is_some_and(is_own));
        let values = own.filter_map(|it| it.get("values"));
        let text = |values: &Node, name: &str| values.get(name).and_then(Node::text).map(str::to_lowercase);
        let names =
            ["id", "arn", "instance_id", "name", "security_profile_id", "user_id", "security_profile_name", "username"];
        let all = values.flat_map(|values| names.iter().filter_map(move |name| text(values, name)));
        Self(all.filter(|text| !text.is_empty()).collect())
    }

    /// Whether a text is one of them, or has an identifier in it.
    fn names(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.contains(&text) || self.0.iter().any(|own| own.len() >= SHORTEST && text.contains(own))
    }

    fn are_in(&self, node: &Node) -> bool {
        node.text().is_some_and(|text| self.names(text))
            || node.items().iter().any(|item| self.are_in(item))
            || node.entries().iter().any(|entry| self.are_in(&entry.node))
    }
}

/// The length from which an identifier or name is one within a text, too.
const SHORTEST: usize = 20;

fn is_own(of_type: &str) -> bool {
    of_type.starts_with("aws_connect_") || of_type.starts_with("awscc_connect_")
}

/// A note on a resource that is not read and may be one of Amazon Connect, or call its API. `unknown` has the values known only
/// after the apply.
pub(super) fn note(file: &Source, resource: &Node, unknown: Option<&Node>, known: &Known) -> Option<String> {
    let text = |name: &str| resource.get(name).and_then(Node::text).unwrap_or_default();
    let (of_type, address) = (text("type"), text("address"));
    let starts = |all: &[&str]| all.iter().any(|start| of_type.starts_with(start));
    let values = resource.get("values");
    let is_stack = of_type.contains("cloudformation_stack");
    let is_connect = if is_own(of_type) {
        is_access(of_type)
    } else {
        is_access(of_type)
            || values.is_some_and(|it| !starts(ALLOWS) && (any_calls_connect(it) || declares(it, "AWS::Connect::")))
            || (starts(RUNS) && values.is_some_and(|it| mentions_connect(it) || known.are_in(it)))
            || (starts(RUNS) && !starts(CARRIES) && unknown.is_some_and(hides_input))
            || (is_stack && !values.is_some_and(has_whole_template))
    };
    is_connect
        .then(|| format!("the resource `{address}`, which is of the type `{of_type}` ({})", resource.at.in_file(file)))
}

/// Whether any value but a result is known only after the apply.
fn hides_input(unknown: &Node) -> bool {
    const RESULTS: [&str; 7] = ["id", "arn", "tags_all", "result", "outputs", "output", "api_response"];
    let inputs = unknown.entries().iter().filter(|entry| !RESULTS.contains(&entry.name.as_str()));
    unknown.text() == Some("true") || inputs.into_iter().any(|entry| super::is_unknown(&entry.node))
}

/// Whether the template of a stack is part of the plan, and makes nothing that it does not contain.
fn has_whole_template(values: &Node) -> bool {
    let body = values.get("template_body").and_then(Node::text).unwrap_or_default();
    !body.is_empty() && !OPEN_TEMPLATE.iter().any(|part| body.contains(part))
}

fn declares(node: &Node, part: &str) -> bool {
    node.text().is_some_and(|text| text.contains(part))
        || node.items().iter().any(|item| declares(item, part))
        || node.entries().iter().any(|entry| declares(&entry.node, part))
}

/// A note on each command that an apply runs: the provisioners in the configuration of a plan, and its actions.
pub(super) fn commands(file: &Source, root: &Node) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(module) = root.get("configuration").and_then(|it| it.get("root_module")) {
        provisioners(file, module, "", 0, &mut notes);
    }
    for action in root.get("action_invocations").map(Node::items).unwrap_or_default() {
        let address = action.get("address").and_then(Node::text).unwrap_or("an action");
        notes.push(format!("the calls by the action `{address}` ({})", action.at.in_file(file)));
    }
    notes
}

/// The maximum nesting of modules.
const DEEPEST: usize = 50;

fn provisioners(file: &Source, module: &Node, prefix: &str, depth: usize, notes: &mut Vec<String>) {
    for resource in module.get("resources").map(Node::items).unwrap_or_default() {
        let address = resource.get("address").and_then(Node::text).unwrap_or_default();
        for provisioner in resource.get("provisioners").map(Node::items).unwrap_or_default() {
            let of_type = provisioner.get("type").and_then(Node::text).unwrap_or_default();
            // This type only copies a file.
            if of_type != "file" {
                let place = provisioner.at.in_file(file);
                notes.push(format!("the commands of the provisioner `{of_type}` of `{prefix}{address}` ({place})"));
            }
        }
    }
    for call in module.get("module_calls").map(Node::entries).unwrap_or_default() {
        if let Some(inner) = call.node.get("module").filter(|_| depth < DEEPEST) {
            provisioners(file, inner, &format!("{prefix}module.{}.", call.name), depth.saturating_add(1), notes);
        }
    }
}

/// Whether the name of a type is that of a resource that access depends on.
fn is_access(of_type: &str) -> bool {
    of_type.contains("connect")
        && ["security_profile", "connect_user", "hierarchy_group"].iter().any(|part| of_type.contains(part))
}

/// The type and the properties of a resource of the Cloud Control API, which has them as JSON.
pub(super) fn cloud_control(file: &Source, resource: &Node) -> Option<(String, Node)> {
    let values = resource.get("values")?;
    let of_type = values.get("type_name")?.text()?.to_owned();
    let text = ["properties", "desired_state"].iter().find_map(|name| values.get(name)?.text())?;
    let mut node = json::parse(file, text).ok()?;
    place(&mut node, resource);
    Some((of_type, node))
}

/// Gives the place of the resource to every part of it: the text of JSON within JSON has no places of its own.
fn place(node: &mut Node, resource: &Node) {
    use crate::tree::Value;
    node.at = resource.at;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| place(item, resource)),
        Value::Map(entries) => {
            for entry in entries {
                entry.at = resource.at;
                place(&mut entry.node, resource);
            }
        }
        Value::Null | Value::Text { .. } => {}
    }
}

/// The declaration of a resource of the Cloud Control API.
pub(super) fn declare(kind: lanyard_model::Kind, address: &str, resource: &Node, properties: Plain) -> Declared {
    use crate::plain::last_of;
    use lanyard_model::{Id, Kind};
    let known = |plain: Plain| plain.filled().map(|text| last_of(&text).to_owned());
    let identifier = resource.get("values").and_then(|values| values.get("id")?.text());
    let id = identifier.filter(|text| !text.is_empty()).map(|text| Id::new(last_of(text)));
    let instance = match kind {
        Kind::Instance => id.as_ref().map(ToString::to_string),
        _ => known(properties.get("InstanceArn")),
    };
    Declared {
        kind,
        called: address.to_owned(),
        at: resource.at,
        id,
        instance,
        instance_expression: None,
        properties,
        has_restrictions: true,
    }
}
