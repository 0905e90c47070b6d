//! The hierarchy: levels and groups.

use lanyard_model::resources::{HierarchyGroup, HierarchyStructure, MOST_LEVELS};
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes;

use super::{Phase, Writer, tags};

impl Writer<'_> {
    pub(super) fn create_group(&mut self, it: &HierarchyGroup) {
        let input = shapes::CreateUserHierarchyGroupRequest {
            name: it.name.clone(),
            parent_group_id: it.parent().map(Id::to_string),
            instance_id: self.instance.clone(),
            tags: tags::some(&it.tags),
        };
        self.push_create(Phase::Groups(it.level()), key(it), &input, "HierarchyGroupId");
    }

    pub(super) fn update_group(&mut self, from: &HierarchyGroup, to: &HierarchyGroup) {
        if from.ancestors != to.ancestors {
            let what = "a group cannot be moved: the API has no call for it; create a new group and move its users";
            self.refuse(key(to), what);
        }
        if from.name != to.name {
            let input = shapes::UpdateUserHierarchyGroupNameRequest {
                name: to.name.clone(),
                hierarchy_group_id: to.id.to_string(),
                instance_id: self.instance.clone(),
            };
            self.push(Phase::Groups(to.level()), key(to), &input);
        }
        self.update_tags(&key(to), &from.tags, &to.tags);
    }

    pub(super) fn delete_group(&mut self, it: &HierarchyGroup) {
        let input = shapes::DeleteUserHierarchyGroupRequest {
            hierarchy_group_id: it.id.to_string(),
            instance_id: self.instance.clone(),
        };
        self.push(Phase::DeleteGroups(MOST_LEVELS.saturating_sub(it.level())), key(it), &input);
    }

    /// Writes all levels in one call: before groups are created where there are more levels than before, after groups
    /// are deleted where there are fewer.
    pub(super) fn update_structure(&mut self, from: Option<&HierarchyStructure>, to: Option<&HierarchyStructure>) {
        let names = |it: Option<&HierarchyStructure>| -> Vec<String> {
            it.map(|it| it.levels.iter().map(|level| level.name.clone()).collect()).unwrap_or_default()
        };
        let (from, to) = (names(from), names(to));
        if from == to {
            return;
        }
        if to.len() > MOST_LEVELS {
            let what = format!("it would have {} levels, at most {MOST_LEVELS} are allowed", to.len());
            self.refuse(Key { kind: Kind::HierarchyStructure, id: HierarchyStructure::only() }, what);
            return;
        }
        let level = |at: usize| to.get(at).map(|name| shapes::HierarchyLevelUpdate { name: name.clone() });
        let input = shapes::UpdateUserHierarchyStructureRequest {
            hierarchy_structure: shapes::HierarchyStructureUpdate {
                level_one: level(0),
                level_two: level(1),
                level_three: level(2),
                level_four: level(3),
                level_five: level(4),
            },
            instance_id: self.instance.clone(),
        };
        let phase = if to.len() < from.len() { Phase::FewerLevels } else { Phase::MoreLevels };
        self.push(phase, Key { kind: Kind::HierarchyStructure, id: HierarchyStructure::only() }, &input);
    }
}

fn key(it: &HierarchyGroup) -> Key {
    Key { kind: Kind::HierarchyGroup, id: it.id.clone() }
}
