//! The contract of a store, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lanyard_model::{Change, Directory, Id, Key, Kind, StreamId};
use tokio::sync::watch;

use crate::checkpoint::{Encoder, decode};
use crate::{
    Append, AppendError, AppendFuture, AppendParts, Cell, CellChange, CellsOf, Checkpoint, CopyPoint, Hash, Head,
    Loaded, Logged, Outage, Pending, PersonKey, PersonKeys, Position, SWEPT_AT_ONCE, Sealing, Secret, SecretChange,
    Snapshot, Store, StoreError, Stored, StreamCopy, UniqueName, no_notifications,
};

/// A store that keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    sealing: Sealing,
}

/// The content of a store.
#[derive(Clone, Debug, Default)]
struct State {
    streams: BTreeMap<StreamId, Stream>,
    /// Every entry, in the order in which the entries took effect.
    order: Vec<(StreamId, u64)>,
    names: BTreeMap<UniqueName, (StreamId, Key)>,
    cells: BTreeMap<(&'static str, Vec<u8>), Cell>,
}

#[derive(Clone, Debug)]
struct Stream {
    log: Vec<Arc<StoredEntry>>,
    directory: Directory,
    position: Position,
    secrets: BTreeMap<String, Secret>,
    keys: PersonKeys,
    is_closed: bool,
    checkpoints: BTreeMap<u64, Snapshot>,
}

/// An entry in the bytes that a store on disk would have.
#[derive(Clone, Debug)]
struct StoredEntry {
    revision: u64,
    record: String,
    hash: Hash,
    /// The changes as they were given, whoever was erased since. No store on disk has them.
    changes: Vec<Change>,
}

impl Stream {
    fn logged(&self, entry: &StoredEntry) -> Result<Logged, String> {
        Logged::open(Stored::read(&entry.record)?, &entry.record, entry.hash, &self.keys)
    }

    fn head(&self) -> Head {
        Head { position: self.position, time: self.directory.time(), closed: self.is_closed }
    }

    /// The last entry that was archived.
    fn cut(&self) -> u64 {
        let cut = self.checkpoints.values().find(|it| it.checkpoint.is_cut);
        cut.map_or(0, |it| it.checkpoint.position.revision)
    }

    fn snapshot(&self, id: &StreamId) -> Result<Snapshot, StoreError> {
        let mut changed = BTreeMap::new();
        let cut = self.checkpoints.values().find(|it| it.checkpoint.is_cut);
        for part in cut.into_iter().flat_map(|it| &it.parts) {
            changed.extend(decode(part)?.into_iter().map(|row| (row.key, row.revision)));
        }
        for logged in &self.log {
            changed.extend(logged.changes.iter().map(|change| (change.key(), logged.revision)));
        }
        let mut encoder = Encoder::new(id, self.position, self.directory.time(), self.keys.clone());
        for resource in self.directory.iter() {
            encoder.put(changed.get(&resource.key()).copied().unwrap_or_default(), &resource)?;
        }
        encoder.finish()
    }
}

impl MemoryStore {
    /// A store with the same content, from which each goes its own way.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { state: Mutex::new(self.lock().clone()), sealing: Sealing::default() }
    }

    /// Carries out an append at once.
    ///
    /// # Errors
    /// As for [`Store::append`].
    pub fn apply(&self, appends: &[Append]) -> Result<(), AppendError> {
        let mut state = self.lock();
        // The parts that a call can change, as they were.
        let before: Vec<_> =
            appends.iter().map(|it| (it.stream().clone(), state.streams.get(it.stream()).cloned())).collect();
        let (names, entries) = (state.names.clone(), state.order.len());
        let result = appends.iter().try_for_each(|append| state.append(append));
        if result.is_err() {
            state.names = names;
            state.order.truncate(entries);
            for (stream, before) in before {
                match before {
                    Some(before) => state.streams.insert(stream, before),
                    None => state.streams.remove(&stream),
                };
            }
        } else {
            for cells in appends.iter().flat_map(|append| append.0.ended_cells.clone()) {
                state.change_cells(CellChange::DeleteOf(cells));
            }
        }
        result
    }

    /// The last entry of a stream, whether the stream has ended or not.
    #[must_use]
    pub fn head(&self, stream: &StreamId) -> Position {
        self.lock().streams.get(stream).map_or_else(|| Position::origin(stream), |it| it.position)
    }

    /// Every entry, as its stream and its number, in the order in which the entries took effect.
    #[must_use]
    pub fn order(&self) -> Vec<(StreamId, u64)> {
        self.lock().order.clone()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().order.len()
    }

    /// Whether nothing was appended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every stream that has an entry.
    #[must_use]
    pub fn all_streams(&self) -> Vec<StreamId> {
        self.lock().streams.keys().cloned().collect()
    }

    /// The entries of a stream, whether it has ended or not; none where one cannot be read.
    #[must_use]
    pub fn log(&self, stream: &StreamId) -> Vec<Logged> {
        self.entries(stream, 0, usize::MAX).unwrap_or_default()
    }

    /// The same, with everybody who was erased since.
    #[must_use]
    pub fn log_with_erased(&self, stream: &StreamId) -> Vec<Logged> {
        let mut entries = self.log(stream);
        let state = self.lock();
        let stored = state.streams.get(stream).into_iter().flat_map(|it| &it.log);
        for (logged, stored) in entries.iter_mut().zip(stored) {
            logged.entry.changes = stored.changes.clone();
        }
        entries
    }

    fn entries(&self, stream: &StreamId, after: u64, limit: usize) -> Result<Vec<Logged>, StoreError> {
        let state = self.lock();
        let Some(of) = state.streams.get(stream) else { return Ok(Vec::new()) };
        if after < of.cut() {
            return Err(StoreError::Archived { stream: stream.clone(), revision: of.cut() });
        }
        let stream = of;
        let entries = stream.log.iter().filter(|it| it.revision > after).take(limit);
        entries.map(|it| stream.logged(it).map_err(StoreError::Storage)).collect()
    }

    /// The state of a stream after its last entry; `None` when it has no entry or has ended.
    #[must_use]
    pub fn state(&self, stream: &StreamId) -> Option<Loaded> {
        let state = self.lock();
        let it = state.streams.get(stream).filter(|it| !it.is_closed)?;
        Some(Loaded { directory: it.directory.clone(), hash: it.position.hash })
    }

    /// The last entries of streams, in the order of `streams`.
    #[must_use]
    pub fn heads_of(&self, streams: &[StreamId]) -> Vec<Option<Head>> {
        let state = self.lock();
        streams.iter().map(|id| state.streams.get(id).map(Stream::head)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream {
    fn new(id: &StreamId) -> Self {
        Self {
            log: Vec::new(),
            directory: Directory::empty(id.clone()),
            position: Position::origin(id),
            secrets: BTreeMap::new(),
            keys: PersonKeys::default(),
            is_closed: false,
            checkpoints: BTreeMap::new(),
        }
    }
}

impl State {
    fn put_checkpoint(&mut self, id: &StreamId, snapshot: Snapshot) -> Result<(), StoreError> {
        let Checkpoint { position, time, is_cut, .. } = snapshot.checkpoint;
        if is_cut {
            if self.streams.contains_key(id) {
                return Err(StoreError::Storage(format!("{id} has entries already")));
            }
            let mut stream = Stream::new(id);
            stream.position = position;
            stream.directory = Directory::load(id.clone(), position.revision, time, []);
            self.streams.insert(id.clone(), stream);
        }
        let Some(stream) = self.streams.get_mut(id) else { return Ok(()) };
        let is_there = |key: &&PersonKey| stream.directory.get(Kind::User, key.person()).is_some();
        for key in snapshot.keys.iter().filter(is_there) {
            stream.keys.insert(key.clone());
        }
        stream.checkpoints.entry(position.revision).or_insert(snapshot);
        Ok(())
    }

    fn append(&mut self, append: &Append) -> Result<(), AppendError> {
        let AppendParts { stream: id, follows, position, time, changes, record, closes, secrets, guards, .. } =
            &append.0;
        let AppendParts { keys, erased, redactions, is_erasure, .. } = &append.0;
        for (guard, position) in guards {
            let head = self.streams.get(guard).map_or_else(|| Position::origin(guard), |it| it.position);
            if head != *position {
                return Err(AppendError::Conflict { stream: guard.clone(), head: head.revision });
            }
        }
        let stream = self.streams.entry(id.clone()).or_insert_with(|| Stream::new(id));
        let head = stream.position;
        if head.hash != *follows || head.revision + 1 != position.revision {
            return Err(AppendError::Conflict { stream: id.clone(), head: head.revision });
        }
        let refuse = |why: String| Err(AppendError::Refused(why));
        if stream.is_closed && !is_erasure {
            return refuse(format!("{id} has ended at revision {}", head.revision));
        }
        if head.revision > 0 && *time < stream.directory.time() {
            return refuse(format!("the entry's time is before that of the last entry of {id}"));
        }
        Stored::read(record).map_err(AppendError::Refused)?;
        if let Err(invalid) = stream.directory.advance(*time, changes) {
            return refuse(format!("{id}: {invalid}"));
        }
        for change in changes {
            let before = change.before().and_then(|before| UniqueName::of(id, before));
            let after = change.after().and_then(|after| UniqueName::of(id, after));
            if before == after {
                continue;
            }
            if let Some(name) = before {
                self.names.remove(&name);
            }
            if let Some(name) = after
                && let Some(_) = self.names.insert(name.clone(), (id.clone(), change.key()))
            {
                return Err(AppendError::NameTaken { scope: name.scope, name: name.name });
            }
        }
        for SecretChange { name, value } in secrets {
            match value {
                Some(value) => stream.secrets.insert(name.clone(), value.clone()),
                None => stream.secrets.remove(name),
            };
        }
        keys.iter().for_each(|key| stream.keys.insert(key.clone()));
        erased.iter().for_each(|person| stream.keys.remove(person));
        for (revision, record) in redactions {
            for entry in stream.log.iter_mut().filter(|entry| entry.revision == *revision) {
                *entry = Arc::new(StoredEntry { record: record.clone(), ..StoredEntry::clone(entry) });
            }
        }
        self.order.push((id.clone(), position.revision));
        let Position { revision, hash } = *position;
        let entry = StoredEntry { revision, record: record.clone(), hash, changes: changes.clone() };
        stream.log.push(Arc::new(entry));
        stream.position = *position;
        if *closes {
            stream.is_closed = true;
            stream.secrets.clear();
            stream.keys = PersonKeys::default();
            self.names.retain(|_, (holder, _)| holder != id);
        }
        Ok(())
    }

    fn change_cells(&mut self, change: CellChange) -> u64 {
        let before = self.cells.len();
        match change {
            CellChange::Put { kind, key, cell, expected } => {
                let key = (kind, key);
                if self.cells.get(&key).map(|cell| &cell.value) != expected.as_ref() {
                    return 0;
                }
                self.cells.insert(key, cell);
                return 1;
            }
            CellChange::PutWhile { kind, key, cell, secret } => {
                let value = self.streams.get(&secret.stream).and_then(|it| it.secrets.get(&secret.name));
                let is_right = value.is_some_and(|value| value.expose() == secret.value.expose());
                if !is_right || self.cells.contains_key(&(kind, key.clone())) {
                    return 0;
                }
                self.cells.insert((kind, key), cell);
                return 1;
            }
            CellChange::Delete { kind, key } => drop(self.cells.remove(&(kind, key))),
            CellChange::DeleteOf(cells) => self.cells.retain(|(kind, _), cell| !cells.has(kind, &cell.owner)),
            CellChange::Sweep(time) => {
                let mut left = SWEPT_AT_ONCE;
                self.cells.retain(|_, cell| {
                    let is_swept = left > 0 && cell.expires < time;
                    left -= u32::from(is_swept);
                    !is_swept
                });
            }
        }
        (before - self.cells.len()) as u64
    }
}

fn ready<T: Send + 'static, E: Send + 'static>(result: Result<T, E>) -> Pending<T, E> {
    Box::pin(std::future::ready(result))
}

impl Store for MemoryStore {
    fn append(&self, appends: Vec<Append>) -> AppendFuture {
        ready(self.apply(&appends))
    }

    fn load(&self, stream: &StreamId) -> Pending<Option<Loaded>> {
        ready::<_, StoreError>(Ok(self.state(stream)))
    }

    fn registries(&self) -> Pending<Vec<StreamId>> {
        let state = self.lock();
        let is_registry = |(id, it): &(&StreamId, &Stream)| !it.is_closed && matches!(id, StreamId::Registry { .. });
        ready::<_, StoreError>(Ok(state.streams.iter().filter(is_registry).map(|(id, _)| id.clone()).collect()))
    }

    fn read(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<Logged>> {
        ready(self.entries(stream, after, limit))
    }

    fn records(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<(u64, String)>> {
        let entries = self.entries(stream, after, limit);
        ready(entries.map(|entries| entries.into_iter().map(|it| (it.revision, it.record.into())).collect()))
    }

    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>> {
        let state = self.lock();
        let secret = state.streams.get(stream).and_then(|it| it.secrets.get(name)).cloned();
        ready::<_, StoreError>(Ok(secret))
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn heads(&self, streams: Vec<StreamId>) -> Pending<Vec<Option<Head>>> {
        ready::<_, StoreError>(Ok(self.heads_of(&streams)))
    }

    fn streams(&self) -> Pending<Vec<(StreamId, Head)>> {
        let state = self.lock();
        let mut all: Vec<_> = state.streams.iter().map(|(id, it)| (id.clone(), it.head())).collect();
        all.sort_by_key(|(id, _)| id.to_string());
        ready::<_, StoreError>(Ok(all))
    }

    fn instances(&self, limit: usize) -> Pending<Vec<Id>> {
        let state = self.lock();
        let instance = |(id, it): (&StreamId, &Stream)| match id {
            StreamId::Instance(id) if !it.is_closed => Some(id.clone()),
            _ => None,
        };
        let mut all: Vec<_> = state.streams.iter().filter_map(instance).collect();
        all.sort_by_key(ToString::to_string);
        all.truncate(limit);
        ready::<_, StoreError>(Ok(all))
    }

    fn holder(&self, name: UniqueName) -> Pending<Option<(StreamId, Key)>> {
        ready::<_, StoreError>(Ok(self.lock().names.get(&name).cloned()))
    }

    fn notifications(&self) -> watch::Receiver<()> {
        no_notifications()
    }

    fn cell(&self, kind: &'static str, key: Vec<u8>) -> Pending<Option<Cell>> {
        ready::<_, StoreError>(Ok(self.lock().cells.get(&(kind, key)).cloned()))
    }

    fn cells_of(&self, of: CellsOf) -> Pending<Vec<(Vec<u8>, Cell)>> {
        let state = self.lock();
        let cells = state.cells.iter().filter(|((kind, _), cell)| of.has(kind, &cell.owner));
        ready::<_, StoreError>(Ok(cells.map(|((_, key), cell)| (key.clone(), cell.clone())).collect()))
    }

    fn change_cells(&self, change: CellChange) -> Pending<u64, AppendError> {
        ready(Ok(self.lock().change_cells(change)))
    }

    fn copy_point(&self) -> Pending<CopyPoint> {
        let state = self.lock();
        let copy = |(id, it): (&StreamId, &Stream)| StreamCopy {
            stream: id.clone(),
            head: it.head(),
            secrets: it.secrets.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            keys: it.keys.clone(),
            cut: it.checkpoints.values().map(|it| it.checkpoint).find(|it| it.is_cut),
        };
        ready::<_, StoreError>(Ok(CopyPoint::new(state.streams.iter().map(copy).collect())))
    }

    fn sealing(&self) -> &Sealing {
        &self.sealing
    }

    fn person_keys(&self, stream: &StreamId) -> Pending<PersonKeys> {
        ready::<_, StoreError>(Ok(self.lock().streams.get(stream).map(|it| it.keys.clone()).unwrap_or_default()))
    }

    fn reseal(&self) -> Pending<u64> {
        ready(Err(StoreError::Storage("a store in memory has no key from outside".to_owned())))
    }

    fn condition(&self) -> Pending<(), Outage> {
        ready(Ok(()))
    }

    fn checkpoints(&self, stream: &StreamId) -> Pending<Vec<Checkpoint>> {
        let state = self.lock();
        let all = state.streams.get(stream).into_iter().flat_map(|it| it.checkpoints.values());
        ready(Ok(all.map(|it| it.checkpoint).collect()))
    }

    fn checkpoint_part(&self, stream: &StreamId, revision: u64, part: u32) -> Pending<Option<Vec<u8>>> {
        let state = self.lock();
        let snapshot = state.streams.get(stream).and_then(|it| it.checkpoints.get(&revision));
        let part = usize::try_from(part).ok().and_then(|part| snapshot?.parts.get(part).cloned());
        ready(Ok(part))
    }

    fn snapshot(&self, stream: &StreamId) -> Pending<Option<Snapshot>> {
        let state = self.lock();
        ready(state.streams.get(stream).filter(|it| !it.is_closed).map(|it| it.snapshot(stream)).transpose())
    }

    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()> {
        ready(self.lock().put_checkpoint(stream, snapshot))
    }

    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64> {
        let state = self.lock();
        let entries = state.streams.get(stream).into_iter().flat_map(|it| &it.log).filter(|it| it.revision > after);
        ready(Ok(entries.map(|it| it.record.len() as u64).sum()))
    }

    fn cut(&self, stream: &StreamId, position: Position, after: u64) -> Pending<()> {
        let mut state = self.lock();
        let Some(it) = state.streams.get_mut(stream) else {
            return ready(Err(StoreError::Storage(format!("there is no {stream}"))));
        };
        if it.cut() != after {
            return ready(Err(StoreError::Storage(format!("{stream} is cut at {} and not at {after}", it.cut()))));
        }
        match it.checkpoints.get_mut(&position.revision).filter(|it| it.checkpoint.position == position) {
            None => {
                let text = format!("{stream} has no checkpoint at revision {}", position.revision);
                return ready(Err(StoreError::Storage(text)));
            }
            Some(snapshot) => snapshot.checkpoint.is_cut = true,
        }
        it.checkpoints.retain(|revision, _| *revision >= position.revision);
        it.log.retain(|logged| logged.revision > position.revision);
        ready(Ok(()))
    }

    fn compact(&self, _: bool) -> Pending<()> {
        ready(Ok(()))
    }
}
