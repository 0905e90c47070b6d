//! The output of `terraform show -json`: the values of a state, or the planned values of a plan.
//!
//! Resources of the `aws` and the `awscc` provider are read, including data sources. The `aws` provider has only a
//! profile's name, description, permissions and tags, so its restrictions are unknown.

use std::collections::{HashMap, HashSet};

use lanyard_analysis::Configuration;
use lanyard_model::{Id, Kind, Names};

use crate::declared::{ANCESTORS, Declared, configuration};
use crate::fault::Fault;
use crate::plain::{Plain, ResolvedValue, last_of};
use crate::source::Source;
use crate::tree::{Node, Value};

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
    let mut declared: Vec<Declared> = Vec::new();
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for resource in resources {
        let text = |name: &str| resource.get(name).and_then(Node::text).unwrap_or_default();
        let (address, of_type) = (text("address"), text("type"));
        let Some((form, kind)) = form_of(of_type) else { continue };
        let Some(values) = resource.get("values") else { continue };
        let declaration = form.declare(kind, address, resource, &merged(values, unknown(address)));
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
    configuration(file, &declared, Vec::new())
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

/// The provider's form of resources.
#[derive(Clone, Copy)]
enum Form {
    Aws,
    Awscc,
}

/// The provider and the kind of a type of resource.
fn form_of(of_type: &str) -> Option<(Form, Kind)> {
    let (form, name) = match of_type.strip_prefix("awscc_connect_") {
        Some(name) => (Form::Awscc, name),
        None => (Form::Aws, of_type.strip_prefix("aws_connect_")?),
    };
    let kind = match name {
        "instance" => Kind::Instance,
        "security_profile" => Kind::SecurityProfile,
        "user" => Kind::User,
        "user_hierarchy_group" => Kind::HierarchyGroup,
        "user_hierarchy_structure" => Kind::HierarchyStructure,
        "queue" => Kind::Queue,
        "routing_profile" => Kind::RoutingProfile,
        "quick_connect" => Kind::QuickConnect,
        "hours_of_operation" => Kind::HoursOfOperation,
        "contact_flow_module" => Kind::FlowModule,
        "data_table" => Kind::DataTable,
        _ => return None,
    };
    Some((form, kind))
}

/// Attributes of the `aws` provider, and the corresponding properties.
const AWS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("description", "Description"),
    ("permissions", "Permissions"),
    ("tags_all", "Tags"),
    ("security_profile_ids", "SecurityProfileArns"),
    ("hierarchy_group_id", "HierarchyGroupArn"),
    ("routing_profile_id", "RoutingProfileArn"),
    ("parent_group_id", "ParentGroupArn"),
    ("arn", "Arn"),
    ("instance_alias", "InstanceAlias"),
    ("identity_management_type", "IdentityManagementType"),
];

impl Form {
    fn declare(self, kind: Kind, address: &str, resource: &Node, values: &Plain) -> Declared {
        let properties = match self {
            Self::Aws => aws(kind, values),
            Self::Awscc => pascal(values),
        };
        let own = match (self, kind) {
            (Self::Aws, Kind::Instance) => "id",
            (Self::Aws, Kind::SecurityProfile) => "security_profile_id",
            (Self::Aws, Kind::User) => "user_id",
            (Self::Aws, Kind::HierarchyGroup) => "hierarchy_group_id",
            (Self::Aws, Kind::Queue) => "queue_id",
            (Self::Aws, Kind::RoutingProfile) => "routing_profile_id",
            (Self::Aws, Kind::QuickConnect) => "quick_connect_id",
            (Self::Aws, Kind::HoursOfOperation) => "hours_of_operation_id",
            (Self::Aws, Kind::FlowModule) => "contact_flow_module_id",
            (Self::Aws, _) => "",
            // The primary identifier of its resources is the ARN.
            (Self::Awscc, Kind::Instance) => "arn",
            (Self::Awscc, Kind::SecurityProfile) => "security_profile_arn",
            (Self::Awscc, Kind::User) => "user_arn",
            (Self::Awscc, Kind::HierarchyGroup) => "user_hierarchy_group_arn",
            (Self::Awscc, Kind::Queue) => "queue_arn",
            (Self::Awscc, Kind::RoutingProfile) => "routing_profile_arn",
            (Self::Awscc, Kind::QuickConnect) => "quick_connect_arn",
            (Self::Awscc, Kind::HoursOfOperation) => "hours_of_operation_arn",
            (Self::Awscc, Kind::FlowModule) => "contact_flow_module_arn",
            (Self::Awscc, _) => "arn",
        };
        let known = |name: &str| values.get(name).owned().ok().flatten().filter(|text| !text.is_empty());
        let id = known(own).map(|text| Id::new(last_of(&text)));
        let instance = match (self, kind) {
            (_, Kind::Instance) => id.as_ref().map(ToString::to_string),
            (Self::Aws, _) => known("instance_id"),
            (Self::Awscc, _) => known("instance_arn").map(|arn| last_of(&arn).to_owned()),
        };
        let has_restrictions = matches!(self, Self::Awscc);
        Declared {
            kind,
            called: address.to_owned(),
            at: resource.at,
            id,
            instance,
            instance_expression: None,
            properties,
            has_restrictions,
        }
    }
}

/// The properties of the `aws` provider's attributes.
fn aws(kind: Kind, values: &Plain) -> Plain {
    let mut members = Vec::new();
    for (attribute, property) in AWS {
        let value = values.get(attribute);
        if value.value == ResolvedValue::Absent || (kind == Kind::HierarchyGroup && *property == "HierarchyGroupArn") {
            continue;
        }
        let property = match (kind, *property) {
            (Kind::SecurityProfile, "Name") => "SecurityProfileName",
            (Kind::User, "Name") => "Username",
            (_, property) => property,
        };
        members.push((property.to_owned(), value));
    }
    // Data sources have tags under the shorter name.
    if values.get("tags_all").value == ResolvedValue::Absent && values.get("tags").value != ResolvedValue::Absent {
        members.push(("Tags".to_owned(), values.get("tags")));
    }
    if kind == Kind::HierarchyGroup {
        members.extend(above(values).map(|above| (ANCESTORS.to_owned(), above)));
    }
    for (attribute, property) in [("identity_info", "IdentityInfo"), ("hierarchy_structure", "UserHierarchyStructure")]
    {
        if let Some(block) = values.get(attribute).items().ok().and_then(<[Plain]>::first) {
            members.push((property.to_owned(), unblocked(&pascal(block))));
        }
    }
    Plain::new(values.at, ResolvedValue::Map(members))
}

/// The groups above a group: its path without itself. The parent attribute is not always present.
fn above(values: &Plain) -> Option<Plain> {
    let path = values.get("hierarchy_path");
    let path = path.items().ok()?.first()?;
    let levels = ["level_one", "level_two", "level_three", "level_four", "level_five"];
    let of_level = |level: &str| Some(path.get(level).items().ok()?.first()?.get("id"));
    let mut ids: Vec<_> = levels.iter().map_while(|level| of_level(level)).collect();
    // The last one is the group itself.
    ids.pop()?;
    Some(Plain::new(path.at, ResolvedValue::List(ids)))
}

/// Blocks, which are lists with one item, as their content.
fn unblocked(plain: &Plain) -> Plain {
    let resolved_value = match &plain.value {
        ResolvedValue::Map(members) => {
            ResolvedValue::Map(members.iter().map(|(name, value)| (name.clone(), unblocked(value))).collect())
        }
        ResolvedValue::List(items) => match items.as_slice() {
            [only] => return unblocked(only),
            _ => ResolvedValue::Absent,
        },
        other => other.clone(),
    };
    Plain::new(plain.at, resolved_value)
}

/// Attribute names in the form of properties: `tag_restricted_resources` is `TagRestrictedResources`. Keys of tags
/// would change too, but the `awscc` provider has no tags as maps.
fn pascal(plain: &Plain) -> Plain {
    let resolved_value = match &plain.value {
        ResolvedValue::Map(members) => {
            ResolvedValue::Map(members.iter().map(|(name, value)| (pascal_name(name), pascal(value))).collect())
        }
        ResolvedValue::List(items) => ResolvedValue::List(items.iter().map(pascal).collect()),
        other => other.clone(),
    };
    Plain::new(plain.at, resolved_value)
}

fn pascal_name(name: &str) -> String {
    let mut words = String::new();
    for word in name.split('_') {
        let mut letters = word.chars();
        words.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
    }
    words
}
