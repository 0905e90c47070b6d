//! Fills an empty store, in calls of a few megabytes.

use std::collections::{BTreeMap, VecDeque};

use lanyard_model::{Directory, Key, Timestamp};

use super::{CopyError, Result, Sink, StreamCopy};
use crate::checkpoint::{Checkpoint, Snapshot, decode};
use crate::{Append, AppendFuture, Head, Logged, PersonKey, Position, Secret, SecretChange, Store};

/// The bytes of entries in a call, about.
const BYTES: usize = 4 << 20;

/// The most entries in a call.
const ENTRIES: usize = 1_000;

/// How many calls are under way at a time: one is written while the next is put together.
const UNDER_WAY: usize = 2;

pub(super) struct Filler<'a> {
    store: &'a dyn Store,
    stream: Option<Filling>,
    call: Vec<Append>,
    bytes: usize,
    under_way: VecDeque<AppendFuture>,
}

/// The stream that is being written.
struct Filling {
    head: Head,
    secrets: Vec<(String, Secret)>,
    keys: Vec<PersonKey>,
    reached: Position,
    state: Directory,
    /// The entry that last changed each resource.
    changed: BTreeMap<Key, u64>,
}

impl<'a> Filler<'a> {
    pub(super) fn new(store: &'a dyn Store) -> Self {
        Self { store, stream: None, call: Vec::new(), bytes: 0, under_way: VecDeque::new() }
    }

    /// Hands the call over, and waits until few enough are under way.
    async fn send(&mut self) -> Result<()> {
        if !self.call.is_empty() {
            self.under_way.push_back(self.store.append(std::mem::take(&mut self.call)));
            self.bytes = 0;
        }
        while self.under_way.len() >= UNDER_WAY {
            self.wait().await?;
        }
        Ok(())
    }

    async fn wait(&mut self) -> Result<()> {
        match self.under_way.pop_front() {
            Some(append) => Ok(append.await?),
            None => Ok(()),
        }
    }
}

impl Sink for Filler<'_> {
    async fn stream(&mut self, copy: StreamCopy, cut: Option<Snapshot>) -> Result<()> {
        let reached = copy.before();
        let StreamCopy { stream, head, secrets, keys, .. } = copy;
        let mut state = Directory::empty(stream.clone());
        let mut changed = BTreeMap::new();
        if let Some(cut) = cut {
            let Checkpoint { position, time, .. } = cut.checkpoint;
            let mut resources = Vec::new();
            for part in &cut.parts {
                for row in decode(part)? {
                    resources.push(row.resource(&stream, position.revision, &keys)?);
                    changed.insert(row.key, row.revision);
                }
            }
            state = Directory::load(stream.clone(), position.revision, time, resources);
            self.store.put_checkpoint(&stream, cut).await?;
        }
        let keys = keys.iter().cloned().collect();
        self.stream = Some(Filling { head, secrets, keys, reached, state, changed });
        Ok(())
    }

    async fn entry(&mut self, logged: Logged) -> Result<()> {
        let Some(filling) = &mut self.stream else { return Ok(()) };
        let bytes = logged.record.len();
        let append = filling.append(logged)?;
        self.call.push(append);
        self.bytes += bytes;
        if self.bytes >= BYTES || self.call.len() >= ENTRIES {
            self.send().await?;
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        self.send().await?;
        while !self.under_way.is_empty() {
            self.wait().await?;
        }
        Ok(())
    }
}

impl Filling {
    fn append(&mut self, logged: Logged) -> Result<Append> {
        let (stream, revision) = (self.state.stream().clone(), logged.revision);
        let misfit = |invalid| CopyError::Unsound(format!("{stream} revision {revision}: {invalid}"));
        self.state.advance(logged.entry.time, &logged.entry.changes).map_err(misfit)?;
        for change in &logged.entry.changes {
            match change.after() {
                Some(_) => self.changed.insert(change.key(), revision),
                None => self.changed.remove(&change.key()),
            };
        }
        let (mut resources, mut secrets) = (Vec::new(), Vec::new());
        if revision == self.head.position.revision {
            if !self.head.closed {
                let at = |key: &Key| self.changed.get(key).copied().unwrap_or(revision);
                resources = self.state.iter().map(|resource| (at(&resource.key()), resource)).collect();
            }
            let put = |(name, value)| SecretChange { name, value: Some(value) };
            secrets = std::mem::take(&mut self.secrets).into_iter().map(put).collect();
            // The state is not needed any more, and may be large.
            self.state = Directory::load(stream.clone(), revision, Timestamp::default(), []);
        }
        let append = Append::copied(&stream, &self.reached, logged, resources)?.with_secrets(secrets);
        // Those of the first entry: a copy that is cut off has the keys for what it has.
        let append = append.with_keys(std::mem::take(&mut self.keys));
        self.reached = append.position();
        Ok(append)
    }
}
