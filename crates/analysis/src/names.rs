//! The display names of resources.

use lanyard_model::resources::HierarchyGroup;
use lanyard_model::{Directory, Id, Key, Kind, Resource};

/// The display name of a resource: the path of a hierarchy group, the ARN of an AI agent, the name of other
/// resources, and the identifier of a resource without a name.
#[must_use]
pub fn name_of(directory: &Directory, resource: &Resource) -> String {
    match resource {
        Resource::HierarchyGroup(group) => group_path(directory, group),
        Resource::AiAgent(agent) => agent.arn.clone(),
        Resource::Instance(instance) => instance.alias.clone().unwrap_or_else(|| instance.id.to_string()),
        other => other.name().map_or_else(|| other.id().to_string(), str::to_owned),
    }
}

/// The display name of the resource with this key; the identifier where the directory does not have the resource.
#[must_use]
pub fn name_of_key(directory: &Directory, key: &Key) -> String {
    name_of_id(directory, key.kind, &key.id)
}

/// The display name by kind and identifier.
#[must_use]
pub fn name_of_id(directory: &Directory, kind: Kind, id: &Id) -> String {
    directory.get(kind, id).map_or_else(|| id.to_string(), |resource| name_of(directory, &resource))
}

/// The names of a group and of the groups above it, from the top, joined by slashes.
#[must_use]
pub fn group_path(directory: &Directory, group: &HierarchyGroup) -> String {
    let above = group.ancestors.iter().map(|id| {
        let known = directory.hierarchy_groups.get(id);
        known.map_or_else(|| id.to_string(), |group| group.name.clone())
    });
    above.chain([group.name.clone()]).collect::<Vec<_>>().join("/")
}
