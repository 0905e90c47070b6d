//! A state of the past, taken piece by piece.
//!
//! It is the nearest state that is kept (a checkpoint, the present, or the stream's beginning) and, laid over it, the
//! resources that the entries in between changed. The whole state is never in memory, so that it can be sent while it
//! is read.

use std::collections::BTreeMap;

use lanyard_model::{Directory, Key, Kind, Resource, StreamId, Timestamp};

use crate::checkpoint::{Checkpoint, CheckpointRow, decode};
use crate::rows::read_resource;
use crate::stored_changes::StoredChanges;
use crate::{Head, Moment, PersonKeys, Store, StoreError, open_resource, parallel};

/// How many entries are read at a time: fewer where they are large.
const STEP: u64 = 1_024;

/// From how many bytes of entries on fewer are read at a time.
const LARGE: usize = 1 << 20;

/// How many resources of the present are a piece.
const PIECE: usize = 2_000;

/// How many parts of a checkpoint are a piece.
const PARTS: usize = 4;

/// A state of the past that is under way.
#[derive(Debug)]
pub struct Past {
    stream: StreamId,
    revision: u64,
    time: Timestamp,
    base: Base,
    /// The keys of people, where something may be sealed with them.
    people: PersonKeys,
    /// The resources that differ from the base, `None` where there is none; each is taken out once it was given.
    overlay: BTreeMap<Key, Option<Stored>>,
}

/// A resource as it is stored: the revision that sealed data is bound to, and its JSON without the kind.
type Stored = (u64, String);

/// The kept state that is nearest.
#[derive(Debug)]
pub(crate) enum Base {
    /// The state before the first entry.
    Beginning,
    /// A checkpoint, and the next part to read.
    Checkpoint(Checkpoint, u32),
    /// The present.
    Present(Box<Directory>),
    /// The resources of the present that were not given yet.
    Resources(std::vec::IntoIter<Resource>),
    /// All of the base was given.
    Given,
}

/// A piece of the base, not yet compared with the changes.
#[derive(Debug)]
pub struct Piece(Raw);

#[derive(Debug)]
enum Raw {
    /// Of the checkpoint at a revision.
    Parts(u64, Vec<Vec<u8>>),
    Present(Box<Directory>),
    Resources,
    Rest,
}

/// A resource of a piece.
enum Taken {
    /// As the present has it.
    Read(Resource),
    /// As it is stored, in which a user may be sealed.
    Stored(Key, Stored),
}

/// A resource of a state.
#[derive(Clone, Debug, PartialEq)]
pub enum PastResource {
    /// As stores keep it: the key, and the JSON without the kind.
    Stored(Key, String),
    /// As the present has it.
    Read(Resource),
}

impl PastResource {
    /// The resource.
    ///
    /// # Errors
    /// When a checkpoint holds what is no resource.
    pub fn resource(self) -> Result<Resource, StoreError> {
        match self {
            Self::Read(resource) => Ok(resource),
            Self::Stored(key, body) => {
                read_resource(key.kind.name(), &body).map_err(|error| StoreError::Storage(format!("{key}: {error}")))
            }
        }
    }
}

impl Past {
    /// The state of a stream at a moment; `None` when it had no entry yet, or does not have so many. `present` is the
    /// stream's state after its last entry or shortly before; without it, the state that the store has is loaded where
    /// it is the nearest.
    ///
    /// # Errors
    /// When the storage fails or holds what this version cannot read; [`StoreError::Archived`] before the cut.
    pub async fn open(
        store: &dyn Store,
        stream: &StreamId,
        moment: Moment,
        present: Option<Directory>,
    ) -> Result<Option<Self>, StoreError> {
        match locate(store, stream, moment).await? {
            None => Ok(None),
            Some(located) => {
                let base = located.nearest(store, stream, present).await?;
                Self::from_base(store, stream, &located, base).await.map(Some)
            }
        }
    }

    /// The located state, from a kept one.
    pub(crate) async fn from_base(
        store: &dyn Store,
        stream: &StreamId,
        located: &Located,
        base: Base,
    ) -> Result<Self, StoreError> {
        let target = located.target;
        let (mut from, mut time) = match &base {
            Base::Checkpoint(checkpoint, _) => (checkpoint.position.revision, checkpoint.time),
            Base::Present(directory) => (directory.revision(), directory.time()),
            Base::Beginning | Base::Resources(_) | Base::Given => (0, Timestamp::default()),
        };
        let mut overlay = BTreeMap::new();
        let is_forward = from <= target;
        let mut step = STEP / 16;
        while from != target {
            let wanted = step.min(from.abs_diff(target));
            let after = if is_forward { from } else { from - wanted };
            let mut records = store.records(stream, after, usize::try_from(wanted).unwrap_or(usize::MAX)).await?;
            check(stream, records.iter().map(|it| it.0), after, wanted)?;
            let bytes: usize = records.iter().map(|(_, record)| record.len()).sum();
            step = if bytes < LARGE { STEP.min(step * 2) } else { (step / 2).max(1) };
            if !is_forward {
                records.reverse();
            }
            for (revision, record) in records {
                let unreadable =
                    |error| StoreError::Storage(format!("cannot read revision {revision} of {stream}: {error}"));
                let StoredChanges { time: time_of_entry, mut sides } =
                    StoredChanges::read(&record, is_forward).map_err(unreadable)?;
                if is_forward {
                    time = time_of_entry;
                } else {
                    sides.reverse();
                }
                overlay.extend(sides.into_iter().map(|(key, body)| (key, body.map(|body| (revision, body)))));
            }
            from = if is_forward { after + wanted } else { after };
        }
        if !is_forward {
            time = time_of(store, stream, target, &located.checkpoints).await?;
        }
        let has_people = matches!(base, Base::Checkpoint(..)) || overlay.keys().any(|key| key.kind == Kind::User);
        let people = if has_people { store.person_keys(stream).await? } else { PersonKeys::default() };
        Ok(Self { stream: stream.clone(), revision: target, time, base, people, overlay })
    }

    /// A state that is at hand: the present.
    #[must_use]
    pub fn of(present: Directory) -> Self {
        let (stream, revision, time) = (present.stream().clone(), present.revision(), present.time());
        let (base, people) = (Base::Present(Box::new(present)), PersonKeys::default());
        Self { stream, revision, time, base, people, overlay: BTreeMap::new() }
    }

    /// The state's revision.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The time of its last entry.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// The next piece, to be given to [`Self::resources`]; `None` after the last.
    ///
    /// # Errors
    /// When the storage fails, or the checkpoint was removed meanwhile.
    pub async fn next(&mut self, store: &dyn Store) -> Result<Option<Piece>, StoreError> {
        let raw = match &mut self.base {
            Base::Checkpoint(checkpoint, next) if *next < checkpoint.parts => {
                let revision = checkpoint.position.revision;
                let mut parts = Vec::with_capacity(PARTS);
                while parts.len() < PARTS && *next < checkpoint.parts {
                    let part = *next;
                    let missing = || {
                        StoreError::Storage(format!("part {part} of checkpoint {revision} of {} is gone", self.stream))
                    };
                    parts.push(store.checkpoint_part(&self.stream, revision, part).await?.ok_or_else(missing)?);
                    *next += 1;
                }
                Raw::Parts(revision, parts)
            }
            Base::Resources(resources) if resources.len() > 0 => Raw::Resources,
            Base::Beginning | Base::Checkpoint(..) | Base::Resources(_) | Base::Given => {
                self.base = Base::Given;
                if self.overlay.is_empty() {
                    return Ok(None);
                }
                Raw::Rest
            }
            Base::Present(_) => match std::mem::replace(&mut self.base, Base::Given) {
                Base::Present(directory) => Raw::Present(directory),
                _ => return Ok(None),
            },
        };
        Ok(Some(Piece(raw)))
    }

    /// The resources of a piece. This takes processor time, on several threads where they are many, and waits for nothing.
    ///
    /// # Errors
    /// When a checkpoint or an entry is damaged.
    pub fn resources(&mut self, piece: Piece) -> Result<Vec<PastResource>, StoreError> {
        let taken = self.take(piece)?;
        parallel::map_in_order(taken, |it| match it {
            // Only a user is not stored in the form in which it is given.
            Taken::Stored(key, (_, body)) if key.kind != Kind::User => Ok(PastResource::Stored(key, body)),
            it => self.open_taken(it).map(PastResource::Read),
        })
    }

    /// The resources of a piece as they are kept, with those of the overlay in their place.
    fn take(&mut self, piece: Piece) -> Result<Vec<Taken>, StoreError> {
        let mut all = Vec::new();
        match piece.0 {
            Raw::Parts(at, parts) => {
                for part in parts {
                    for CheckpointRow { key, body, .. } in decode(&part)? {
                        match self.overlay.remove(&key) {
                            None => all.push(Taken::Stored(key, (at, body))),
                            Some(changed) => all.extend(changed.map(|it| Taken::Stored(key, it))),
                        }
                    }
                }
            }
            Raw::Present(directory) => {
                // Only references are copied.
                self.base = Base::Resources(directory.iter().collect::<Vec<_>>().into_iter());
            }
            Raw::Resources => {
                let Base::Resources(resources) = &mut self.base else { return Ok(all) };
                for resource in resources.take(PIECE) {
                    let key = resource.key();
                    match self.overlay.remove(&key) {
                        None => all.push(Taken::Read(resource)),
                        Some(changed) => all.extend(changed.map(|it| Taken::Stored(key, it))),
                    }
                }
            }
            Raw::Rest => {
                while let Some((key, stored)) = self.overlay.pop_first() {
                    all.extend(stored.map(|it| Taken::Stored(key, it)));
                    if all.len() == PIECE {
                        break;
                    }
                }
            }
        }
        Ok(all)
    }

    fn open_taken(&self, taken: Taken) -> Result<Resource, StoreError> {
        match taken {
            Taken::Read(resource) => Ok(resource),
            Taken::Stored(key, (revision, body)) => {
                let opened = open_resource(&self.stream, revision, key.kind, &body, &self.people);
                opened.map_err(|error| {
                    StoreError::Storage(format!("cannot read {key} of revision {revision} of {}: {error}", self.stream))
                })
            }
        }
    }

    /// The whole state in memory.
    ///
    /// # Errors
    /// Those of [`Self::next`] and [`Self::resources`].
    pub async fn directory(mut self, store: &dyn Store) -> Result<Directory, StoreError> {
        let mut all = Vec::new();
        while let Some(piece) = self.next(store).await? {
            let taken = self.take(piece)?;
            all.append(&mut parallel::map_in_order(taken, |it| self.open_taken(it))?);
        }
        Ok(Directory::load(self.stream, self.revision, self.time, all))
    }
}

/// A revision whose state there was, and the states that are kept.
pub(crate) struct Located {
    pub(crate) target: u64,
    head: Head,
    pub(crate) checkpoints: Vec<Checkpoint>,
}

/// The revision of a moment; `None` when the stream had no entry yet, or does not have so many.
pub(crate) async fn locate(
    store: &dyn Store,
    stream: &StreamId,
    moment: Moment,
) -> Result<Option<Located>, StoreError> {
    let Some(head) = store.heads(vec![stream.clone()]).await?.into_iter().flatten().next() else { return Ok(None) };
    let checkpoints = store.checkpoints(stream).await?;
    let cut = checkpoints.iter().find(|it| it.is_cut);
    let target = match moment {
        Moment::Revision(revision) => revision,
        Moment::Time(time) => revision_at(store, stream, time, cut, head.position.revision).await?,
    };
    if target == 0 || target > head.position.revision {
        return Ok(None);
    }
    match cut.map(|it| it.position.revision).filter(|cut| target < *cut) {
        Some(revision) => Err(StoreError::Archived { stream: stream.clone(), revision }),
        None => Ok(Some(Located { target, head, checkpoints })),
    }
}

/// How many entries were made at `time` or before: times never decrease, so few entries need to be read.
async fn revision_at(
    store: &dyn Store,
    stream: &StreamId,
    time: Timestamp,
    cut: Option<&Checkpoint>,
    head: u64,
) -> Result<u64, StoreError> {
    let cut = cut.map_or((0, None), |it| (it.position.revision, Some(it.time)));
    if let (revision, Some(time_of_cut)) = cut
        && time < time_of_cut
    {
        return Err(StoreError::Archived { stream: stream.clone(), revision });
    }
    let (mut reached, mut above) = (cut.0, head + 1);
    while above - reached > 1 {
        let middle = reached + (above - reached) / 2;
        let entries = store.read(stream, middle - 1, 1).await?;
        if entries.first().is_some_and(|logged| logged.entry.time <= time) {
            reached = middle;
        } else {
            above = middle;
        }
    }
    Ok(reached)
}

impl Located {
    /// The same, or the revision before this one where it is not before it.
    pub(crate) fn before(self, revision: u64) -> Self {
        Self { target: self.target.min(revision.saturating_sub(1)), ..self }
    }

    /// The kept state from which fewest entries lead to the wanted one. A stream that has ended has no present.
    pub(crate) async fn nearest(
        &self,
        store: &dyn Store,
        stream: &StreamId,
        present: Option<Directory>,
    ) -> Result<Base, StoreError> {
        let distance = |it: &Checkpoint| it.position.revision.abs_diff(self.target);
        let is_cut = self.checkpoints.iter().any(|it| it.is_cut);
        let kept = self.checkpoints.iter().min_by_key(|it| distance(it));
        let kept = kept.filter(|it| is_cut || distance(it) < self.target);
        let newest = present.as_ref().map_or(self.head.position.revision, Directory::revision);
        if !self.head.closed && newest.abs_diff(self.target) <= kept.map_or(self.target, distance) {
            let present = match present {
                Some(directory) => Some(directory),
                None => store.load(stream).await?.map(|loaded| loaded.directory),
            };
            if let Some(directory) = present {
                return Ok(Base::Present(Box::new(directory)));
            }
        }
        Ok(kept.map_or(Base::Beginning, |checkpoint| Base::Checkpoint(*checkpoint, 0)))
    }
}

/// Fails unless these are the entries after a revision, as many as were wanted.
fn check(stream: &StreamId, revisions: impl Iterator<Item = u64>, after: u64, wanted: u64) -> Result<(), StoreError> {
    match revisions.eq(after + 1..=after + wanted) {
        true => Ok(()),
        false => {
            let last = after + wanted;
            Err(StoreError::Storage(format!("{stream} does not have all entries from {} to {last}", after + 1)))
        }
    }
}

/// The time of an entry.
async fn time_of(
    store: &dyn Store,
    stream: &StreamId,
    revision: u64,
    checkpoints: &[Checkpoint],
) -> Result<Timestamp, StoreError> {
    if let Some(checkpoint) = checkpoints.iter().find(|it| it.position.revision == revision) {
        return Ok(checkpoint.time);
    }
    let entries = store.read(stream, revision - 1, 1).await?;
    check(stream, entries.iter().map(|it| it.revision), revision - 1, 1)?;
    Ok(entries.first().map_or_else(Timestamp::default, |it| it.entry.time))
}
