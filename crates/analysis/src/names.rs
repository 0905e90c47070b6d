//! What people call the resources of a directory.

use lanyard_model::resources::HierarchyGroup;
use lanyard_model::{Directory, Id, Key, Kind, Resource};

/// What people call a resource: the path of a hierarchy group, the ARN of an AI agent, the name of anything else, and
/// the identifier of what has no name.
#[must_use]
pub fn name_of(directory: &Directory, resource: &Resource) -> String {
    match resource {
        Resource::HierarchyGroup(group) => group_path(directory, group),
        Resource::AiAgent(agent) => agent.arn.clone(),
        Resource::Instance(instance) => instance.alias.clone().unwrap_or_else(|| instance.id.to_string()),
        other => other.name().map_or_else(|| other.id().to_string(), str::to_owned),
    }
}

/// What people call the resource of this key; its identifier where the directory does not have it.
#[must_use]
pub fn name_of_key(directory: &Directory, key: &Key) -> String {
    name_of_id(directory, key.kind, &key.id)
}

/// The same by kind and identifier.
#[must_use]
pub fn name_of_id(directory: &Directory, kind: Kind, id: &Id) -> String {
    directory.get(kind, id).map_or_else(|| id.to_string(), |resource| name_of(directory, &resource))
}

/// The names of a group and of those above it, from the top, joined by strokes.
#[must_use]
pub fn group_path(directory: &Directory, group: &HierarchyGroup) -> String {
    let above = group.ancestors.iter().map(|id| {
        let known = directory.hierarchy_groups.get(id);
        known.map_or_else(|| id.to_string(), |group| group.name.clone())
    });
    above.chain([group.name.clone()]).collect::<Vec<_>>().join("/")
}
