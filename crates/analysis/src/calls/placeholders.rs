//! Placeholders of the identifiers that the service will give.
//!
//! Later calls have each identifier in place of its placeholder wherever it occurs. Invariants: each placeholder is a
//! UUID, so that none is part of another, needs escapes, or occurs by chance.

use std::collections::BTreeMap;

use lanyard_model::{Change, Id, Key, Resource};
use serde_json::Value;

use super::Call;
use crate::is_provisional;

/// The first placeholder; the others follow.
const FIRST: u128 = 0x6c61_6e79_6172_4d64_b000_0000_0000_0000;

/// The common prefix of the placeholders.
pub(super) const PREFIX: &str = "6c616e79-6172-4d64-b000-";

/// A placeholder for each provisional identifier.
#[derive(Default)]
pub(super) struct Placeholders {
    by_provisional: BTreeMap<String, Id>,
    by_stand_in: BTreeMap<Id, Id>,
}

impl Placeholders {
    /// A placeholder for each provisional identifier of a created resource.
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut placeholders = Self::default();
        let made = changes.iter().filter(|change| change.before().is_none()).map(|change| change.key().id);
        for (id, uuid) in made.filter(is_provisional).zip(FIRST..) {
            let placeholder = Id::from_uuid(uuid);
            placeholders.by_provisional.insert(id.to_string(), placeholder.clone());
            placeholders.by_stand_in.insert(placeholder, id);
        }
        placeholders
    }

    /// The change with placeholders instead of the provisional identifiers.
    pub(super) fn put_into(&self, change: &Change) -> Change {
        if self.by_provisional.is_empty() {
            return change.clone();
        }
        match change {
            Change::Create(it) => Change::Create(self.resource(it)),
            Change::Update { before, after } => Change::Update { before: before.clone(), after: self.resource(after) },
            Change::Delete(it) => Change::Delete(it.clone()),
        }
    }

    fn resource(&self, resource: &Resource) -> Resource {
        let replaced = resource.to_json().and_then(|json| {
            let mut value = serde_json::from_str(&json)?;
            self.replace(&mut value);
            Resource::from_json(resource.kind(), &value.to_string())
        });
        // The text was serialised from JSON, so it parses.
        replaced.unwrap_or_else(|_| resource.clone())
    }

    fn replace(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(id) = self.by_provisional.get(text) {
                    *text = id.to_string();
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.replace(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.replace(value)),
            _ => {}
        }
    }

    /// The key with the provisional identifier of the changes instead of the placeholder.
    pub(super) fn key(&self, key: Key) -> Key {
        match self.by_stand_in.get(&key.id) {
            Some(id) => Key { id: id.clone(), ..key },
            None => key,
        }
    }

    /// The call with the resource's key of the changes.
    pub(super) fn named(&self, call: Call) -> Call {
        Call { resource: self.key(call.resource), ..call }
    }
}
