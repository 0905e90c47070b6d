//! Identifiers that stand for those that the service will give.
//!
//! They are replaced wherever they stand in the text of later calls, so none is part of another, none needs escapes,
//! and none stands anywhere by chance: each is a UUID.

use std::collections::BTreeMap;

use lanyard_model::{Change, Id, Key, Resource};
use serde_json::Value;

use super::Call;
use crate::is_provisional;

/// The first stand-in; the others follow.
const FIRST: u128 = 0x6c61_6e79_6172_4d64_b000_0000_0000_0000;

/// The characters with which every stand-in begins.
pub(super) const PREFIX: &str = "6c616e79-6172-4d64-b000-";

/// A stand-in for each provisional identifier.
#[derive(Default)]
pub(super) struct Placeholders {
    by_provisional: BTreeMap<String, Id>,
    by_stand_in: BTreeMap<Id, Id>,
}

impl Placeholders {
    /// A stand-in for each provisional identifier of what is made.
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

    /// The change with stand-ins in place of the provisional identifiers.
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
        // What was JSON a moment ago still is.
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

    /// The key of what a stand-in stands for, as the changes have it.
    pub(super) fn key(&self, key: Key) -> Key {
        match self.by_stand_in.get(&key.id) {
            Some(id) => Key { id: id.clone(), ..key },
            None => key,
        }
    }

    /// The call, said to be about what the changes call it.
    pub(super) fn named(&self, call: Call) -> Call {
        Call { resource: self.key(call.resource), ..call }
    }
}
