//! The stored resources of each type, in sets that share their answers for a principal.
//!
//! Invariants: two resources of a set have the same tags that a profile of the principal asks for, and the same relation to each
//! group that a profile or the principal names. The rules read nothing else of a stored resource, except of data tables, of
//! their records, and of resources with unknown tags, each of which is a set of its own.

use std::collections::{BTreeSet, HashMap};

use lanyard_engine::{Compiled, Handle, UnknownParts};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Directory, Id, Key, Kind, Resource as Stored};

use super::classes::Basis;

/// Resources with the same relevant tags and the same group.
#[derive(Debug)]
pub(super) struct Alike {
    /// The identifier of one of them.
    pub(super) id: String,
    /// The same, looked up.
    pub(super) handle: Option<Handle>,
    count: u32,
    signature: Signature,
}

/// The properties of a resource that decide access to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Signature {
    Like(Vec<(String, String)>, Option<Id>),
    /// Nothing else is like it.
    Itself(Id),
}

/// A set of places, a bit for each.
type Bits = Vec<u64>;

/// The resources of one type.
struct OfType {
    alike: Vec<Alike>,
    /// Whether the sets of a principal can be larger than one signature.
    is_divisible: bool,
    /// The resources with all tags that a profile asks for, by profile.
    tagged: HashMap<Id, Bits>,
    /// The resources in or below a group.
    within: HashMap<Id, Bits>,
}

/// The resources of the stored types.
pub(super) struct Resources<'a> {
    directory: &'a Directory,
    unknown_parts: &'a UnknownParts,
    /// The pairs of key and value that a profile asks for.
    relevant: BTreeSet<(&'a str, &'a str)>,
    of_type: HashMap<ResourceType, OfType>,
}

impl<'a> Resources<'a> {
    pub(super) fn new(directory: &'a Directory, unknown_parts: &'a UnknownParts) -> Self {
        let profiles = directory.security_profiles.values();
        let pairs = profiles.flat_map(|profile| &profile.allowed_access_control_tags);
        let relevant = pairs.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        Self { directory, unknown_parts, relevant, of_type: HashMap::new() }
    }

    fn signature(&self, resource: &Stored) -> Signature {
        let id = resource.id();
        let has_unknown_tags = || self.unknown_parts.tags.contains(&Key { kind: resource.kind(), id: id.clone() });
        match resource {
            // Their attributes and values decide too.
            Stored::DataTable(_) | Stored::DataTableRecord(_) => Signature::Itself(id),
            _ if has_unknown_tags() => Signature::Itself(id),
            _ => {
                let tags = resource.tags().into_iter().flatten();
                let is_relevant = |(key, value): &(&String, &String)| self.relevant.contains(&(key.as_str(), value));
                let tags = tags.filter(is_relevant).map(|(key, value)| (key.clone(), value.clone())).collect();
                let group = match resource {
                    Stored::User(user) => user.hierarchy_group_id.clone().filter(|id| *id != Id::new("")),
                    _ => None,
                };
                Signature::Like(tags, group)
            }
        }
    }

    fn gather(&self, it: ResourceType, kind: Kind, compiled: &Compiled) -> Vec<Alike> {
        let mut alike: HashMap<Signature, Alike> = HashMap::new();
        for resource in self.directory.iter().filter(|resource| resource.kind() == kind) {
            let signature = self.signature(&resource);
            let new = || {
                let id = resource.id().to_string();
                let handle = compiled.resource_handle(it.as_str(), &id);
                Alike { id, handle, count: 0, signature: signature.clone() }
            };
            alike.entry(signature.clone()).or_insert_with(new).count += 1;
        }
        let mut all: Vec<_> = alike.into_values().collect();
        all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        all
    }

    /// Prepares the resources of a type, looked up in a state that is decided by.
    pub(super) fn prepare(&mut self, it: ResourceType, compiled: &Compiled) {
        if let Some(kind) = it.kind().filter(|_| it != ResourceType::Instance && !self.of_type.contains_key(&it)) {
            let alike = self.gather(it, kind, compiled);
            let is_single = alike.iter().any(|it| matches!(it.signature, Signature::Itself(_)));
            // An unknown group may be anywhere.
            let is_divisible = !is_single && !self.unknown_parts.kinds.contains(&Kind::HierarchyGroup);
            let of_type = OfType { alike, is_divisible, tagged: HashMap::new(), within: HashMap::new() };
            self.of_type.insert(it, of_type);
        }
    }

    /// The resources of a type in sets that share their answers for a principal: one resource of each, and how many they are.
    /// `None` for a type that is not stored.
    pub(super) fn sets(&mut self, it: ResourceType, basis: &Basis) -> Option<Vec<(&Alike, u32)>> {
        let directory = self.directory;
        let of_type = self.of_type.get_mut(&it)?;
        if !of_type.is_divisible {
            return Some(of_type.alike.iter().map(|it| (it, it.count)).collect());
        }
        let mut sets = vec![bits_of(&of_type.alike, |_| true)];
        for id in &basis.profiles {
            let Some(profile) = directory.security_profiles.get(id) else { continue };
            let required = &profile.allowed_access_control_tags;
            if !required.is_empty() {
                let has_all = |tags: &[(String, String)]| {
                    required.iter().all(|(key, value)| tags.iter().any(|(name, it)| (name, it) == (key, value)))
                };
                let alike = &of_type.alike;
                let tagged = of_type.tagged.entry(id.clone()).or_insert_with(|| {
                    bits_of(alike, |signature| matches!(signature, Signature::Like(tags, _) if has_all(tags)))
                });
                split(&mut sets, tagged);
            }
            if let Some(group) = &profile.allowed_access_control_hierarchy_group_id {
                split(&mut sets, of_type.within(directory, group));
            }
        }
        if it == ResourceType::User {
            split(&mut sets, &bits_of(&of_type.alike, |signature| matches!(signature, Signature::Like(_, None))));
            if let Some(group) = &basis.group {
                split(&mut sets, of_type.within(directory, group));
            }
        }
        let alike = &of_type.alike;
        Some(sets.iter().filter_map(|set| counted(alike, set)).collect())
    }
}

impl OfType {
    /// The resources in or below a group.
    fn within(&mut self, directory: &Directory, group: &Id) -> &Bits {
        let alike = &self.alike;
        self.within.entry(group.clone()).or_insert_with(|| {
            let exists = directory.hierarchy_groups.contains_key(group);
            bits_of(alike, |signature| {
                let Signature::Like(_, Some(own)) = signature else { return false };
                let Some(inner) = directory.hierarchy_groups.get(own) else { return false };
                exists && (own == group || inner.ancestors.contains(group))
            })
        })
    }
}

/// The places of the resources with a property.
fn bits_of(alike: &[Alike], has: impl Fn(&Signature) -> bool) -> Bits {
    let word =
        |part: &[Alike]| part.iter().enumerate().fold(0, |word, (at, it)| word | u64::from(has(&it.signature)) << at);
    alike.chunks(64).map(word).collect()
}

/// Splits each set into those that are in `bits` and the others.
fn split(sets: &mut Vec<Bits>, bits: &Bits) {
    let mut others = Vec::new();
    for set in sets.iter_mut() {
        let outside: Bits = set.iter().zip(bits).map(|(set, bits)| set & !bits).collect();
        if outside.iter().all(|word| *word == 0) {
            continue;
        }
        set.iter_mut().zip(bits).for_each(|(set, bits)| *set &= bits);
        match set.iter().all(|word| *word == 0) {
            true => *set = outside,
            false => others.push(outside),
        }
    }
    sets.append(&mut others);
}

/// One of the resources of a set, and how many they are; `None` for an empty set.
fn counted<'b>(alike: &'b [Alike], set: &Bits) -> Option<(&'b Alike, u32)> {
    let mut first = None;
    let mut count = 0;
    for (part, word) in alike.chunks(64).zip(set) {
        let mut word = *word;
        while word != 0 {
            let it = part.get(word.trailing_zeros() as usize)?;
            first = first.or(Some(it));
            count += it.count;
            word &= word - 1;
        }
    }
    Some((first?, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_split_into_disjoint_ones() {
        let mut sets = vec![vec![0b1111_u64, 0b11]];
        split(&mut sets, &vec![0b0011, 0b01]);
        split(&mut sets, &vec![0b0111, 0]);
        split(&mut sets, &vec![u64::MAX, u64::MAX]);
        split(&mut sets, &vec![0, 0]);
        sets.sort();
        assert_eq!(sets, [vec![0, 1], vec![0b0011, 0], vec![0b0100, 0], vec![0b1000, 0b10]]);
    }
}
