//! Places in files.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use lanyard_model::{Key, shown};

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as named by the caller.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", shown(&self.file), self.line, self.column)
    }
}

/// The places of the resources of a configuration, of their members, and of the members' values.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<(Key, String), Place>);

impl Places {
    /// Adds the place of a resource (`path` empty), a member (`Permissions`) or a value of it
    /// (`Permissions/Queues.Edit`).
    pub fn note(&mut self, key: Key, path: &str, place: Place) {
        self.0.insert((key, path.to_owned()), place);
    }

    /// The same places for resources with other keys; other resources are left out.
    #[must_use]
    pub fn renamed(&self, keys: &BTreeMap<Key, Key>) -> Self {
        let places = self.0.iter().filter_map(|((key, path), place)| {
            let key = keys.get(key)?.clone();
            Some(((key, path.clone()), place.clone()))
        });
        Self(places.collect())
    }

    /// The place of the value, or else of its member, or else of its resource.
    #[must_use]
    pub fn find(&self, key: &Key, path: &str) -> Option<&Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.0.get(&(key.clone(), path.to_owned())) {
                return Some(place);
            }
            if path.is_empty() {
                return None;
            }
            path = path.rfind('/').and_then(|end| path.get(..end)).unwrap_or_default();
        }
    }
}
