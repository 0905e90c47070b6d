//! The shapes of answers and inputs of the Amazon Connect API, as the AWS CLI prints and reads them.

use lanyard_model::Kind;

use crate::fault::misspelt;
use crate::tree::{Node, Value};

/// How much of its resources a shape has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every member: a missing one is empty.
    Whole,
    /// Every member but permissions and restrictions.
    Searched,
    /// Name and identifier.
    Summary,
    /// The members that are there: the input of an update, or the file of a backup.
    Some,
}

/// One part of a document.
pub(super) enum Part<'a> {
    /// A resource.
    Resource { kind: Kind, extent: Extent, node: &'a Node, name: Option<&'a str> },
    /// A member of a security profile that the document does not name.
    Member { name: &'static str, node: &'a Node },
    /// The rest of a list, which the document does not have.
    Rest(&'a Node),
    /// Anything else.
    Other(&'a Node),
}

/// The members that hold resources.
const WRAPPERS: &[(&str, Kind, Extent)] = &[
    ("SecurityProfile", Kind::SecurityProfile, Extent::Whole),
    ("SecurityProfiles", Kind::SecurityProfile, Extent::Searched),
    ("SecurityProfileSummaryList", Kind::SecurityProfile, Extent::Summary),
    ("User", Kind::User, Extent::Whole),
    ("Users", Kind::User, Extent::Whole),
    ("UserSummaryList", Kind::User, Extent::Summary),
    ("HierarchyGroup", Kind::HierarchyGroup, Extent::Whole),
    ("UserHierarchyGroups", Kind::HierarchyGroup, Extent::Whole),
    ("UserHierarchyGroupSummaryList", Kind::HierarchyGroup, Extent::Summary),
    ("HierarchyStructure", Kind::HierarchyStructure, Extent::Whole),
    ("Queue", Kind::Queue, Extent::Whole),
    ("Queues", Kind::Queue, Extent::Whole),
    ("QueueSummaryList", Kind::Queue, Extent::Summary),
    ("RoutingProfile", Kind::RoutingProfile, Extent::Whole),
    ("RoutingProfiles", Kind::RoutingProfile, Extent::Whole),
    ("RoutingProfileSummaryList", Kind::RoutingProfile, Extent::Summary),
    ("QuickConnect", Kind::QuickConnect, Extent::Whole),
    ("QuickConnects", Kind::QuickConnect, Extent::Whole),
    ("QuickConnectSummaryList", Kind::QuickConnect, Extent::Summary),
    ("HoursOfOperation", Kind::HoursOfOperation, Extent::Whole),
    ("HoursOfOperations", Kind::HoursOfOperation, Extent::Whole),
    ("HoursOfOperationSummaryList", Kind::HoursOfOperation, Extent::Summary),
    ("ContactFlowModule", Kind::FlowModule, Extent::Whole),
    ("ContactFlowModules", Kind::FlowModule, Extent::Whole),
    ("ContactFlowModulesSummaryList", Kind::FlowModule, Extent::Summary),
    ("DataTable", Kind::DataTable, Extent::Whole),
    ("DataTables", Kind::DataTable, Extent::Whole),
    ("DataTableSummaryList", Kind::DataTable, Extent::Summary),
    ("Instance", Kind::Instance, Extent::Whole),
];

/// The members of a security profile that lists of their own have.
const MEMBERS: &[&str] = &["Permissions", "Applications", "AllowedFlowModules"];

/// The kinds by a part of a file's name, the more particular ones first.
const BY_FILE: &[(&str, Kind)] = &[
    ("securityprofile", Kind::SecurityProfile),
    ("hierarchygroup", Kind::HierarchyGroup),
    ("routingprofile", Kind::RoutingProfile),
    ("quickconnect", Kind::QuickConnect),
    ("hoursofoperation", Kind::HoursOfOperation),
    ("flowmodule", Kind::FlowModule),
    ("datatable", Kind::DataTable),
    ("queue", Kind::Queue),
    ("user", Kind::User),
];

/// The parts of a document. `stem` is the file's name without its ending.
pub(super) fn parts<'a>(root: &'a Node, stem: &str) -> Vec<Part<'a>> {
    if let Value::List(items) = &root.value {
        return items.iter().flat_map(|item| parts(item, stem)).collect();
    }
    let has = |member: &str| root.get(member).is_some_and(|node| node.value != Value::Null);
    let mut all = Vec::new();
    if root.get("NextToken").is_some_and(|node| node.text().is_some_and(|text| !text.is_empty())) {
        all.push(Part::Rest(root));
    }
    let wrapped = WRAPPERS.iter().filter_map(|(member, kind, extent)| Some((root.get(member)?, *kind, *extent)));
    for (node, kind, extent) in wrapped {
        match &node.value {
            Value::List(items) => {
                all.extend(items.iter().map(|node| Part::Resource { kind, extent, node, name: None }));
            }
            Value::Map(_) => all.push(Part::Resource { kind, extent, node, name: None }),
            _ => {}
        }
    }
    if !all.is_empty() {
        return all;
    }
    let some = |kind, extent| vec![Part::Resource { kind, extent, node: root, name: None }];
    if has("Username") || (has("UserId") && has("SecurityProfileIds")) {
        return some(Kind::User, if has("PhoneConfig") { Extent::Whole } else { Extent::Some });
    }
    let is_named = has("Name") || has("Id") || has("SecurityProfileId");
    let is_like = |name: &str| misspelt(name, ["Permissions", "TagRestrictedResources"]).is_some();
    let has_permissions = has("Permissions") || root.entries().iter().any(|entry| is_like(&entry.name));
    if has("SecurityProfileName") || has("SecurityProfileId") || (is_named && has_permissions) {
        // The input of `CreateSecurityProfile` has no identifier of the profile; a missing member is then empty.
        let is_input = has("InstanceId") && has("SecurityProfileName") && !has("SecurityProfileId");
        return some(Kind::SecurityProfile, if is_input { Extent::Whole } else { Extent::Some });
    }
    if !is_named {
        let members = MEMBERS.iter().filter_map(|name| Some(Part::Member { name, node: root.get(name)? }));
        let members: Vec<_> = members.collect();
        if !members.is_empty() {
            return members;
        }
        let named = root.entries().iter().filter(|entry| entry.node.get("Permissions").is_some());
        let named: Vec<_> = named
            .map(|entry| Part::Resource {
                kind: Kind::SecurityProfile,
                extent: Extent::Some,
                node: &entry.node,
                name: Some(&entry.name),
            })
            .collect();
        if !named.is_empty() && named.len() == root.entries().len() {
            return named;
        }
    }
    let plain: String = stem.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    match BY_FILE.iter().find(|(part, _)| plain.contains(part)).filter(|_| is_named) {
        Some((_, kind)) => some(*kind, Extent::Summary),
        None => vec![Part::Other(root)],
    }
}

/// Whether the document is an answer or an input of the API, or a file of a backup.
pub(super) fn is_known(root: &Node, stem: &str) -> bool {
    parts(root, stem).iter().any(|part| !matches!(part, Part::Other(_)))
}
