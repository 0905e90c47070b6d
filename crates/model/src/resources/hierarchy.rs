//! The agent hierarchy: its structure, and the groups in it.

use serde::{Deserialize, Serialize};

use crate::{Id, Key, Kind, Stored, Tags, Timestamp};

/// How many levels a hierarchy may have (`docs/evidence`, H18).
pub const MOST_LEVELS: usize = 5;

/// The levels of an instance's hierarchy: at most one of these, with 1 to 5 levels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HierarchyStructure {
    /// The levels from the top. A level is identified by its number, the first being 1, regardless of its name.
    pub levels: Vec<HierarchyLevel>,
}

/// A level of the hierarchy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HierarchyLevel {
    /// The name of the level, such as `Region` or `Team`.
    pub name: String,
    /// When it was made or last renamed.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

impl HierarchyStructure {
    /// The identifier of the only structure there is.
    #[must_use]
    pub fn only() -> Id {
        Id::new("structure")
    }
}

impl Stored for HierarchyStructure {
    const KIND: Kind = Kind::HierarchyStructure;
    const NOUN: &'static str = "hierarchy structure";

    fn id(&self) -> Id {
        Self::only()
    }
}

/// A group of the hierarchy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HierarchyGroup {
    /// The identifier, a UUID.
    pub id: Id,
    /// The name; unique among the groups with the same parent.
    pub name: String,
    /// The groups above it, from the top down to its parent; empty at the top level. A group never moves, so this never
    /// changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ancestors: Vec<Id>,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

impl HierarchyGroup {
    /// The number of the level that it is on, 1 at the top. The structure has that level.
    #[must_use]
    pub fn level(&self) -> usize {
        self.ancestors.len() + 1
    }

    /// The group directly above.
    #[must_use]
    pub fn parent(&self) -> Option<&Id> {
        self.ancestors.last()
    }

    /// Whether this group is `group`, or below it at any depth.
    #[must_use]
    pub fn is_within(&self, group: &Id) -> bool {
        self.id == *group || self.ancestors.contains(group)
    }
}

impl Stored for HierarchyGroup {
    const KIND: Kind = Kind::HierarchyGroup;
    const NOUN: &'static str = "hierarchy group";
    const ARN_SEGMENT: Option<&'static str> = Some("agent-group");

    fields!(id, tags);

    fn references(&self, visit: &mut dyn FnMut(Key)) {
        if let Some(parent) = self.parent() {
            visit(Key { kind: Kind::HierarchyGroup, id: parent.clone() });
        }
    }
}
