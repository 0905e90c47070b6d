//! The provisional identifiers of a plan, and those of the resources that were made for them.

use std::collections::{BTreeMap, HashMap};

use lanyard_model::Id;
use serde_json::Value;

/// Pairs of a provisional identifier and the one that took its place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    ids: HashMap<Id, Id>,
    /// The pairs as texts, in order. None is a prefix of another, since each ends with a name of its own.
    texts: BTreeMap<String, String>,
}

impl Extend<(Id, Id)> for Made {
    fn extend<I: IntoIterator<Item = (Id, Id)>>(&mut self, pairs: I) {
        for (provisional, id) in pairs {
            self.texts.insert(provisional.to_string(), id.to_string());
            self.ids.insert(provisional, id);
        }
    }
}

impl FromIterator<(Id, Id)> for Made {
    fn from_iter<I: IntoIterator<Item = (Id, Id)>>(pairs: I) -> Self {
        let mut made = Self::default();
        made.extend(pairs);
        made
    }
}

impl Made {
    /// The present identifier of a resource.
    pub(super) fn known_as(&self, id: Id) -> Id {
        self.ids.get(&id).cloned().unwrap_or(id)
    }

    /// The identifier that took the place of a provisional one.
    pub(super) fn get(&self, provisional: &Id) -> Option<&Id> {
        self.ids.get(provisional)
    }

    /// The text that took the place of a provisional identifier that is the whole of `text`.
    pub(super) fn text(&self, text: &str) -> Option<&str> {
        self.texts.get(text).map(String::as_str)
    }

    /// Replaces whole texts by identifiers.
    pub(super) fn put_into(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(id) = self.text(text) {
                    id.clone_into(text);
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.put_into(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.put_into(value)),
            _ => {}
        }
    }
}
