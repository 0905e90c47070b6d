//! Rows that differ only in their people, together.

use std::collections::HashMap;
use std::sync::Arc;

use lanyard_model::catalogue::ResourceType;

use super::{Access, Grant, Review, Row};

/// Rows with the same grant and the same access.
pub(super) struct Group<'a> {
    pub(super) resource_type: ResourceType,
    pub(super) grant: &'a Grant,
    pub(super) access: &'a Access,
    /// The rows, by name of the person.
    pub(super) rows: Vec<&'a Row>,
}

impl Review {
    /// The rows of an item in groups, in the order of their first rows.
    pub(super) fn groups(&self, item: usize) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut places: HashMap<(ResourceType, bool, String), usize> = HashMap::new();
        let mut texts: HashMap<(*const Grant, *const Access), String> = HashMap::new();
        for row in self.rows.iter().filter(|row| row.item == item) {
            let pointers = (Arc::as_ptr(&row.grant), Arc::as_ptr(&row.access));
            let text = texts.entry(pointers).or_insert_with(|| format!("{:?} {:?}", row.grant, row.access));
            let is_agent = self.people.get(row.person).is_some_and(|it| it.is_agent);
            let place = *places.entry((row.resource_type, is_agent, text.clone())).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group {
                    resource_type: row.resource_type,
                    grant: &row.grant,
                    access: &row.access,
                    rows: vec![row],
                }),
            }
        }
        groups
    }
}
