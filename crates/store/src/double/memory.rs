//! The contract of a store, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lanyard_model::{Directory, Key, StreamId};

use crate::checkpoint::{Encoder, decode};
use crate::{
    Append, AppendError, AppendFuture, AppendParts, Checkpoint, Head, Loaded, Logged, Pending, Position, Secret,
    SecretChange, Snapshot, Store, StoreError, UniqueName,
};

/// A store that keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

/// The content of a store.
#[derive(Clone, Debug, Default)]
struct State {
    streams: BTreeMap<StreamId, Stream>,
    /// Every entry, in the order in which the entries took effect.
    order: Vec<(StreamId, u64)>,
    names: BTreeMap<UniqueName, (StreamId, Key)>,
}

#[derive(Clone, Debug)]
struct Stream {
    log: Vec<Arc<Logged>>,
    directory: Directory,
    position: Position,
    secrets: BTreeMap<String, Secret>,
    is_closed: bool,
    checkpoints: BTreeMap<u64, Snapshot>,
}

impl Stream {
    fn head(&self) -> Head {
        Head { position: self.position, time: self.directory.time(), closed: self.is_closed }
    }

    /// The last entry that was archived.
    fn cut(&self) -> u64 {
        let cut = self.checkpoints.values().find(|it| it.checkpoint.is_cut);
        cut.map_or(0, |it| it.checkpoint.position.revision)
    }

    fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut changed = BTreeMap::new();
        let cut = self.checkpoints.values().find(|it| it.checkpoint.is_cut);
        for part in cut.into_iter().flat_map(|it| &it.parts) {
            changed.extend(decode(part)?.into_iter().map(|row| (row.key, row.revision)));
        }
        for logged in &self.log {
            changed.extend(logged.entry.changes.iter().map(|change| (change.key(), logged.revision)));
        }
        let mut encoder = Encoder::default();
        for resource in self.directory.iter() {
            let (key, body) = (resource.key(), resource.to_json());
            let body = body.map_err(|error| StoreError::Storage(error.to_string()))?;
            let revision = changed.get(&key).copied().unwrap_or_default();
            encoder.push(key.kind.name(), &key.id.to_string(), revision, &body)?;
        }
        encoder.finish(self.position, self.directory.time())
    }
}

impl MemoryStore {
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

    /// The entries of a stream, whether it has ended or not.
    #[must_use]
    pub fn log(&self, stream: &StreamId) -> Vec<Logged> {
        self.lock()
            .streams
            .get(stream)
            .map(|it| it.log.iter().map(|it| Logged::clone(it)).collect())
            .unwrap_or_default()
    }

    /// The state of a stream after its last entry; `None` when it has no entry or has ended.
    #[must_use]
    pub fn state(&self, stream: &StreamId) -> Option<Loaded> {
        let state = self.lock();
        let it = state.streams.get(stream).filter(|it| !it.is_closed)?;
        Some(Loaded { directory: it.directory.clone(), hash: it.position.hash })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn append(&mut self, append: &Append) -> Result<(), AppendError> {
        let AppendParts { stream: id, follows, position, time, changes, record, closes, secrets, guards } = &append.0;
        for (guard, position) in guards {
            let head = self.streams.get(guard).map_or_else(|| Position::origin(guard), |it| it.position);
            if head != *position {
                return Err(AppendError::Conflict { stream: guard.clone(), head: head.revision });
            }
        }
        let stream = self.streams.entry(id.clone()).or_insert_with(|| Stream {
            log: Vec::new(),
            directory: Directory::empty(id.clone()),
            position: Position::origin(id),
            secrets: BTreeMap::new(),
            is_closed: false,
            checkpoints: BTreeMap::new(),
        });
        let head = stream.position;
        if head.hash != *follows || head.revision + 1 != position.revision {
            return Err(AppendError::Conflict { stream: id.clone(), head: head.revision });
        }
        let refuse = |why: String| Err(AppendError::Refused(why));
        if stream.is_closed {
            return refuse(format!("{id} has ended at revision {}", head.revision));
        }
        if head.revision > 0 && *time < stream.directory.time() {
            return refuse(format!("the entry's time is before that of the last entry of {id}"));
        }
        let logged = Logged::read(record, position.hash).map_err(AppendError::Refused)?;
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
        self.order.push((id.clone(), logged.revision));
        stream.log.push(Arc::new(logged));
        stream.position = *position;
        if *closes {
            stream.is_closed = true;
            stream.secrets.clear();
            self.names.retain(|_, (holder, _)| holder != id);
        }
        Ok(())
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
        let cut = self.lock().streams.get(stream).map_or(0, Stream::cut);
        if after < cut {
            return ready(Err(StoreError::Archived { stream: stream.clone(), revision: cut }));
        }
        let entries = self.log(stream).into_iter().filter(|it| it.revision > after).take(limit).collect();
        ready::<_, StoreError>(Ok(entries))
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
        let state = self.lock();
        ready::<_, StoreError>(Ok(streams.iter().map(|id| state.streams.get(id).map(Stream::head)).collect()))
    }

    fn streams(&self) -> Pending<Vec<(StreamId, Head)>> {
        let state = self.lock();
        let mut all: Vec<_> = state.streams.iter().map(|(id, it)| (id.clone(), it.head())).collect();
        all.sort_by_key(|(id, _)| id.to_string());
        ready::<_, StoreError>(Ok(all))
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
        ready(state.streams.get(stream).filter(|it| !it.is_closed).map(Stream::snapshot).transpose())
    }

    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()> {
        if let Some(stream) = self.lock().streams.get_mut(stream) {
            stream.checkpoints.entry(snapshot.checkpoint.position.revision).or_insert(snapshot);
        }
        ready(Ok(()))
    }

    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64> {
        let entries = self.log(stream).into_iter().filter(|it| it.revision > after);
        ready(Ok(entries.map(|it| u64::try_from(it.record.len()).unwrap_or(u64::MAX)).sum()))
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
