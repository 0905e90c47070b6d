//! Resources of other types that make or change resources of Amazon Connect: each is named with its place, or read.

use crate::declared::Declared;
use crate::json;
use crate::plain::Plain;
use crate::source::Source;
use crate::tree::Node;

/// A note on a resource that is not read and may be one of Amazon Connect, or call its API.
pub(super) fn note(file: &Source, resource: &Node, of_type: &str, address: &str) -> Option<String> {
    let is_own = of_type.starts_with("aws_connect_") || of_type.starts_with("awscc_connect_");
    let is_known = is_own && !is_access(of_type);
    let runs = matches!(
        of_type,
        "aws_cloudformation_stack"
            | "aws_cloudformation_stack_set"
            | "awscc_cloudformation_stack"
            | "aws_cloudcontrolapi_resource"
            | "terraform_data"
            | "null_resource"
            | "external"
    );
    let values = resource.get("values");
    let is_connect = is_access(of_type) || (runs && values.is_some_and(names_connect));
    (is_connect && !is_known)
        .then(|| format!("the resource `{address}`, which is of the type `{of_type}` ({})", resource.at.in_file(file)))
}

/// Whether the name of a type is that of a resource that access depends on.
fn is_access(of_type: &str) -> bool {
    of_type.contains("connect")
        && ["security_profile", "connect_user", "hierarchy_group"].iter().any(|part| of_type.contains(part))
}

fn names_connect(node: &Node) -> bool {
    let names = |text: &str| text.contains("AWS::Connect::") || text.to_lowercase().contains("connect");
    node.text().is_some_and(names)
        || node.items().iter().any(names_connect)
        || node.entries().iter().any(|entry| names_connect(&entry.node))
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
