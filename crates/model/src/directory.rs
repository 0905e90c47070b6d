//! The state of one stream at one revision.

use std::ops::Deref;

use crate::change::{Change, Invalid};
use crate::kind::Tables;
use crate::{Id, Key, Kind, Names, Resource, StreamId, Timestamp};

/// The whole state of one stream at one revision: immutable in use, cheap to clone, changed only by [`Change`].
///
/// Invariants: every reference of a resource leads to a resource of the same stream, and unique names are unique. The
/// tables of the kinds are reached through `Deref` (`directory.security_profiles`).
#[derive(Clone, Debug)]
pub struct Directory {
    stream: StreamId,
    revision: u64,
    time: Timestamp,
    tables: Tables,
    names: imbl::OrdMap<(Kind, String), Id>,
    /// Pairs of a resource and one that refers to it.
    referrers: imbl::OrdSet<(Key, Key)>,
}

impl Deref for Directory {
    type Target = Tables;
    fn deref(&self) -> &Tables {
        &self.tables
    }
}

impl Directory {
    /// The state of a stream before anything was written: revision 0.
    #[must_use]
    pub fn empty(stream: StreamId) -> Self {
        Self {
            stream,
            revision: 0,
            time: Timestamp::default(),
            tables: Tables::default(),
            names: imbl::OrdMap::new(),
            referrers: imbl::OrdSet::new(),
        }
    }

    /// The state whose resources are given, in any order; they are taken as consistent ([`Self::faults`] checks).
    #[must_use]
    pub fn load(
        stream: StreamId,
        revision: u64,
        time: Timestamp,
        resources: impl IntoIterator<Item = Resource>,
    ) -> Self {
        let mut directory = Self::empty(stream);
        (directory.revision, directory.time) = (revision, time);
        let mut resources: Vec<Resource> = resources.into_iter().collect();
        // A resource that comes in the order of its table goes to the end of it.
        resources.sort_by_cached_key(Resource::key);
        let resources = resources.as_slice();
        std::thread::scope(|scope| {
            let is_large = resources.len() >= LARGE;
            let work = || Lookups::of(resources);
            let lookups = is_large.then(|| std::thread::Builder::new().spawn_scoped(scope, work).ok()).flatten();
            resources.iter().for_each(|resource| directory.tables.insert(resource));
            let lookups = lookups.and_then(|thread| thread.join().ok()).unwrap_or_else(|| Lookups::of(resources));
            (directory.names, directory.referrers) = (lookups.names, lookups.referrers);
        });
        directory
    }

    /// Which stream this is the state of.
    #[must_use]
    pub fn stream(&self) -> &StreamId {
        &self.stream
    }

    /// How many entries of the log this state is the result of; 0 before the first.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The time of the last entry.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// The resource of this kind with this unique name.
    #[must_use]
    pub fn find_name(&self, kind: Kind, name: &str) -> Option<&Id> {
        self.names.get(&(kind, kind.names().fold(name)))
    }

    /// The resources that refer to this one.
    pub fn referrers(&self, kind: Kind, id: &Id) -> impl Iterator<Item = &Key> + '_ {
        let target = Key { kind, id: id.clone() };
        let least = Key { kind: Kind::ALL.first().copied().unwrap_or(kind), id: Id::from_uuid(0) };
        self.referrers.range((target.clone(), least)..).take_while(move |(to, _)| *to == target).map(|(_, from)| from)
    }

    /// The identifiers of the resources of one kind that refer to this one, in their order.
    pub fn referrers_of_kind(&self, kind: Kind, id: &Id, by: Kind) -> impl Iterator<Item = &Id> + '_ {
        let target = Key { kind, id: id.clone() };
        let least = Key { kind: by, id: Id::from_uuid(0) };
        self.referrers
            .range((target.clone(), least)..)
            .take_while(move |(to, from)| *to == target && from.kind == by)
            .map(|(_, from)| &from.id)
    }

    /// Moves the state by one entry of the log.
    ///
    /// # Errors
    /// When the changes do not fit the state, which then is as it was.
    pub fn advance(&mut self, time: Timestamp, changes: &[Change]) -> Result<(), Invalid> {
        let mut next = self.clone();
        for change in changes {
            next.apply(change)?;
        }
        *self = next.sealed(time);
        Ok(())
    }

    /// The same without a copy of the state, for long replays: after an error the state is good for nothing.
    ///
    /// # Errors
    /// When the changes do not fit the state.
    pub fn advance_in_place(&mut self, time: Timestamp, changes: &[Change]) -> Result<(), Invalid> {
        for change in changes {
            self.apply(change)?;
        }
        self.revision += 1;
        self.time = time;
        Ok(())
    }

    /// Moves the state back by the last entry of the log, whose changes are given. The entry before it was made at
    /// `time_before`.
    ///
    /// # Errors
    /// When the changes are not those that led to the state, which then is as it was.
    pub fn rewind(&mut self, time_before: Timestamp, changes: &[Change]) -> Result<(), Invalid> {
        let mut earlier = self.clone();
        for change in changes.iter().rev() {
            earlier.apply(&change.reversed())?;
        }
        earlier.revision = earlier.revision.saturating_sub(1);
        earlier.time = time_before;
        *self = earlier;
        Ok(())
    }

    /// This state as the next revision.
    pub(crate) fn sealed(mut self, time: Timestamp) -> Self {
        self.revision += 1;
        self.time = time;
        self
    }

    /// Applies one change, keeping the revision.
    ///
    /// # Errors
    /// When the resource before the change differs, a name is taken, a reference leads nowhere, or the deleted resource
    /// is still referred to. The state then is unchanged. A user whose personal data is gone on one side does not differ
    /// by that.
    pub(crate) fn apply(&mut self, change: &Change) -> Result<(), Invalid> {
        let key = change.key();
        let present = self.tables.get(key.kind, &key.id);
        let is_as_before = match (&present, change.before()) {
            (Some(present), Some(before)) => present.is_same_person_or_equal(before),
            (None, None) => true,
            _ => false,
        };
        if !is_as_before {
            return Err(Invalid::Stale { key });
        }
        if let Some(after) = change.after() {
            // The checks of the resource before the change still hold.
            if !present.as_ref().is_some_and(|before| has_same_place(before, after)) {
                self.check(after, &key)?;
            }
        } else if let Some(by) = self.referrers(key.kind, &key.id).find(|by| **by != key) {
            return Err(Invalid::InUse { by: by.clone(), key });
        }
        match (&present, change.after()) {
            (Some(before), Some(after)) => self.replace(before, after),
            (Some(before), None) => self.remove(before),
            (None, Some(after)) => self.insert(after),
            (None, None) => {}
        }
        Ok(())
    }

    /// Puts a resource in the place of another of the same key. Names and references are left as they are where they are
    /// the same, as most updates have it.
    fn replace(&mut self, before: &Resource, after: &Resource) {
        if has_same_place(before, after) {
            self.tables.insert(after);
        } else {
            self.remove(before);
            self.insert(after);
        }
    }

    fn check(&self, after: &Resource, key: &Key) -> Result<(), Invalid> {
        if let Some(name) = unique_name(after)
            && self.names.get(&(key.kind, name)).is_some_and(|holder| *holder != key.id)
        {
            return Err(Invalid::NameTaken { key: key.clone() });
        }
        let mut missing = None;
        after.references(&mut |target| {
            if missing.is_none() && target != *key && self.tables.get(target.kind, &target.id).is_none() {
                missing = Some(target);
            }
        });
        missing.map_or(Ok(()), |target| Err(Invalid::Missing { key: key.clone(), target }))
    }

    fn insert(&mut self, resource: &Resource) {
        let key = resource.key();
        if let Some(name) = unique_name(resource) {
            self.names.insert((key.kind, name), key.id.clone());
        }
        resource.references(&mut |target| {
            self.referrers.insert((target, key.clone()));
        });
        self.tables.insert(resource);
    }

    fn remove(&mut self, resource: &Resource) {
        let key = resource.key();
        if let Some(name) = unique_name(resource) {
            self.names.remove(&(key.kind, name));
        }
        resource.references(&mut |target| {
            self.referrers.remove(&(target, key.clone()));
        });
        self.tables.remove(key.kind, &key.id);
    }

    /// The faults of this state: references that lead nowhere, names held twice. Empty for every state that only
    /// changes led to.
    #[must_use]
    pub fn faults(&self) -> Vec<Invalid> {
        self.tables.iter().filter_map(|resource| self.check(&resource, &resource.key()).err()).collect()
    }
}

/// From how many resources on a state is put together on two threads.
const LARGE: usize = 4_096;

/// The tables by which resources are looked up.
struct Lookups {
    names: imbl::OrdMap<(Kind, String), Id>,
    referrers: imbl::OrdSet<(Key, Key)>,
}

impl Lookups {
    fn of(resources: &[Resource]) -> Self {
        let (mut names, mut referrers) = (Vec::new(), Vec::new());
        for resource in resources {
            let key = resource.key();
            names.extend(unique_name(resource).map(|name| ((key.kind, name), key.id.clone())));
            resource.references(&mut |target| referrers.push((target, key.clone())));
        }
        // The last of those who hold a name twice has it: the sort keeps their order.
        names.sort_by(|(one, _), (other, _)| one.cmp(other));
        referrers.sort_unstable();
        Self { names: names.into_iter().collect(), referrers: referrers.into_iter().collect() }
    }
}

/// Whether two resources of a key have the same unique name and the same references.
fn has_same_place(before: &Resource, after: &Resource) -> bool {
    unique_name(before) == unique_name(after) && references(before) == references(after)
}

/// The resources that a resource refers to.
fn references(resource: &Resource) -> Vec<Key> {
    let mut keys = Vec::new();
    resource.references(&mut |target| keys.push(target));
    keys
}

/// The form under which the resource's name is unique in its stream.
fn unique_name(resource: &Resource) -> Option<String> {
    match resource.kind().names() {
        Names::NotUnique => None,
        // It is no name that the person had.
        _ if resource.is_erased() => None,
        names => resource.name().map(|name| names.fold(name)),
    }
}
