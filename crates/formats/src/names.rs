//! References in files: by name where the name is unambiguous, otherwise by identifier.
//!
//! Invariants: [`Names::find`] reads the text that [`Names::write`] gives for an identifier as that identifier.

use std::collections::{HashMap, HashSet};

use lanyard_model::resources::HierarchyGroup;
use lanyard_model::{Directory, Id, IdRef, Kind, Resource};

/// The prefix of an identifier that could be taken for a name.
const ID: &str = "id:";

/// The resources by identifier and by name. A hierarchy group's name is its path.
#[derive(Default)]
pub(crate) struct Names {
    ids: HashSet<(Kind, Id)>,
    /// `None` for an ambiguous name.
    names: HashMap<(Kind, String), Option<Id>>,
    by_id: HashMap<(Kind, Id), String>,
}

/// The result of a lookup.
pub(crate) enum Lookup {
    /// A known resource, or the identifier of a resource that may be unknown.
    One(Id),
    /// The name is ambiguous.
    Ambiguous,
    /// There is no such resource.
    Unknown,
}

impl Names {
    /// The names of a state.
    pub(crate) fn of(directory: &Directory) -> Self {
        let mut names = Self::default();
        for resource in directory.iter() {
            match &resource {
                Resource::HierarchyGroup(group) => names.add(Kind::HierarchyGroup, &group.id, &path(directory, group)),
                other => {
                    if let Some(name) = other.name() {
                        names.add(other.kind(), &other.id(), name);
                    }
                }
            }
        }
        names
    }

    pub(crate) fn add(&mut self, kind: Kind, id: &Id, name: &str) {
        self.ids.insert((kind, id.clone()));
        self.by_id.insert((kind, id.clone()), name.to_owned());
        self.names
            .entry((kind, name.to_owned()))
            .and_modify(|holder| *holder = holder.take().filter(|holder| holder == id))
            .or_insert_with(|| Some(id.clone()));
    }

    /// The names of a kind.
    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.names.keys().filter(move |(of, _)| *of == kind).map(|(_, name)| name.as_str())
    }

    /// The resource that the text refers to.
    pub(crate) fn find(&self, kind: Kind, text: &str) -> Lookup {
        let id = Id::new(text);
        if self.ids.contains(&(kind, id.clone())) {
            return Lookup::One(id);
        }
        if let Some(id) = text.strip_prefix(ID) {
            return Lookup::One(Id::new(id));
        }
        match self.names.get(&(kind, text.to_owned())) {
            Some(Some(id)) => Lookup::One(id.clone()),
            Some(None) => Lookup::Ambiguous,
            None if matches!(id.as_ref(), IdRef::Uuid(_)) => Lookup::One(id),
            None => Lookup::Unknown,
        }
    }

    /// The text that refers to the identifier.
    pub(crate) fn write(&self, kind: Kind, id: &Id) -> String {
        let leads = |text: &str| matches!(self.find(kind, text), Lookup::One(other) if other == *id);
        let name = self.by_id.get(&(kind, id.clone())).filter(|name| leads(name));
        name.cloned().unwrap_or_else(|| {
            let text = id.to_string();
            if leads(&text) { text } else { format!("{ID}{text}") }
        })
    }
}

/// The names of a group and of those above it, from the highest known one, joined by slashes.
fn path(directory: &Directory, group: &HierarchyGroup) -> String {
    let above = group.ancestors.iter().rev().map_while(|id| directory.hierarchy_groups.get(id));
    let mut names: Vec<_> =
        std::iter::once(group.name.as_str()).chain(above.map(|group| group.name.as_str())).collect();
    names.reverse();
    names.join("/")
}
