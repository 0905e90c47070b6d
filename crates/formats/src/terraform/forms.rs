//! The forms in which providers have the resources of Amazon Connect, as properties of CloudFormation.

use lanyard_model::{Id, Kind};

use crate::declared::{ANCESTORS, Declared};
use crate::plain::{Plain, ResolvedValue, last_of};
use crate::tree::Node;

/// The provider's form of resources.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Aws,
    Awscc,
}

/// The provider and the kind of a type of resource.
pub(super) fn form_of(of_type: &str) -> Option<(Form, Kind)> {
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
    /// The declaration of a resource. `default_tags` are those of the provider, which the tags of a resource known only
    /// after the apply include.
    pub(super) fn declare(
        self,
        kind: Kind,
        address: &str,
        resource: &Node,
        values: &Plain,
        default_tags: &Plain,
    ) -> Declared {
        let properties = match self {
            Self::Aws => aws(kind, values, default_tags),
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
fn aws(kind: Kind, values: &Plain, default_tags: &Plain) -> Plain {
    let mut members = Vec::new();
    for (attribute, property) in AWS {
        let value = values.get(attribute);
        let value = match (*property, &value.value) {
            ("Tags", ResolvedValue::Unknown) => all_tags(&values.get("tags"), default_tags),
            _ => value,
        };
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

/// The tags of a resource and the default ones of the provider.
fn all_tags(own: &Plain, default_tags: &Plain) -> Plain {
    let mut members = own.members().to_vec();
    for (key, value) in default_tags.members() {
        if !members.iter().any(|(known, _)| known == key) {
            members.push((key.clone(), value.clone()));
        }
    }
    if [own, default_tags].iter().any(|tags| tags.value == ResolvedValue::Unknown) {
        members.push((String::new(), Plain::unknown(own.at)));
    }
    Plain::new(own.at, ResolvedValue::Map(members))
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
