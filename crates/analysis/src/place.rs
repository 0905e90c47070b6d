//! Where something stands in a file.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use lanyard_model::Key;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where the resources of a configuration, their members and the values in those stand.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<(Key, String), Place>);

impl Places {
    /// Notes where a resource (`path` empty), a member (`Permissions`) or a value of it (`Permissions/Queues.Edit`)
    /// stands.
    pub fn note(&mut self, key: Key, path: &str, place: Place) {
        self.0.insert((key, path.to_owned()), place);
    }

    /// The same places of resources that have other keys; those of resources that are not among them are left out.
    #[must_use]
    pub fn renamed(&self, keys: &BTreeMap<Key, Key>) -> Self {
        let places = self.0.iter().filter_map(|((key, path), place)| {
            let key = keys.get(key)?.clone();
            Some(((key, path.clone()), place.clone()))
        });
        Self(places.collect())
    }

    /// Where it stands: the value, or else its member, or else its resource.
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
