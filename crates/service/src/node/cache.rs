//! The instances in memory: loaded when they are asked for, and dropped when others need the room.
//!
//! An instance that somebody uses stays, so that one stream never has two writers in one process. The size of an
//! instance is estimated from the number of its resources.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use lanyard_model::{Directory, Id, Scope, StreamId};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::{Instance, Node, Registry, failed};
use crate::busy;
use crate::error::{Error, Result};
use crate::snapshot::Snapshot;
use crate::stream_writer::{StreamWriter, Tip};

/// The memory of an instance without resources, and of each resource, in bytes: measured, see docs/scale.md.
const INSTANCE: u64 = 64 << 10;
const RESOURCE: u64 = 3_400;

/// An instance in memory.
struct Cached {
    instance: Instance,
    /// When it came into memory: rounds of the follower that began before do not cover it.
    since: Instant,
    /// The number of the look-up that used it last.
    used: AtomicU64,
}

type Cell = Arc<OnceCell<Cached>>;

/// The instances in memory, each loaded once however many ask for it.
pub(super) struct Instances {
    cells: RwLock<HashMap<Id, Cell>>,
    look_ups: AtomicU64,
    /// The most bytes that are kept.
    memory: Option<u64>,
    /// How often this process made or deleted an instance.
    changes: AtomicU64,
    /// The only instance of a store that no other process writes, or that there is not exactly one; `None` where it is
    /// not known.
    only: Mutex<Option<Option<Id>>>,
}

impl Instances {
    pub(super) fn new(memory: Option<u64>) -> Self {
        Self {
            cells: RwLock::default(),
            look_ups: AtomicU64::new(0),
            memory,
            changes: AtomicU64::new(0),
            only: Mutex::default(),
        }
    }

    /// The instance in memory.
    pub(super) fn get(&self, id: &Id) -> Option<Instance> {
        let cells = self.cells.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cells.get(id)?.get()?;
        if self.memory.is_some() {
            cached.used.store(self.look_ups.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        }
        Some(cached.instance.clone())
    }

    /// The instance in memory, if it was there at `moment`.
    pub(super) fn get_since(&self, id: &Id, moment: Instant) -> Option<Instance> {
        let instance = self.get(id)?;
        let cells = self.cells.read().unwrap_or_else(PoisonError::into_inner);
        let is_covered = cells.get(id)?.get()?.since <= moment;
        is_covered.then_some(instance)
    }

    /// All that are in memory.
    pub(super) fn all(&self) -> Vec<(Id, Instance)> {
        let cells = self.cells.read().unwrap_or_else(PoisonError::into_inner);
        cells.iter().filter_map(|(id, cell)| Some((id.clone(), cell.get()?.instance.clone()))).collect()
    }

    /// The instance in memory or in the store.
    pub(super) async fn load(&self, node: &Node, id: &Id) -> Result<Option<Instance>> {
        if let Some(instance) = self.get(id) {
            return Ok(Some(instance));
        }
        let cell = {
            let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(id.clone()).or_default())
        };
        let loading = Loading { instances: self, id, cell };
        match loading.cell.get_or_try_init(|| read(node, id)).await {
            Ok(cached) => {
                cached.used.store(self.look_ups.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
                let instance = cached.instance.clone();
                self.make_room(id);
                Ok(Some(instance))
            }
            Err(Unread::NoSuchInstance) => Ok(None),
            Err(Unread::Failed(error)) => Err(error),
        }
    }

    /// Serves an instance that was made by this process.
    pub(super) fn insert(&self, node: &Node, id: &Id, registry: &Arc<Registry>, tip: Tip<Snapshot>) {
        self.change();
        let instance = start(node, registry, tip);
        let used = AtomicU64::new(self.look_ups.fetch_add(1, Ordering::Relaxed));
        let cached = Cached { instance, since: Instant::now(), used };
        {
            let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
            // One that is there was loaded after it was on disk, and may have been written since.
            cells.entry(id.clone()).or_insert_with(|| Arc::new(OnceCell::new_with(Some(cached))));
        }
        self.make_room(id);
    }

    /// Forgets an instance that there is no more.
    pub(super) fn remove(&self, id: &Id) {
        self.change();
        self.cells.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// Drops the instances that were used the longest ago, until the others fit; never `id`, and none that is in use.
    fn make_room(&self, id: &Id) {
        let Some(memory) = self.memory else { return };
        let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
        let mut total: u64 = cells.values().filter_map(|cell| cell.get()).map(size).sum();
        if total <= memory {
            return;
        }
        let mut idle: Vec<(u64, u64, Id)> = cells
            .iter()
            .filter(|(other, cell)| *other != id && Arc::strong_count(cell) == 1)
            .filter_map(|(id, cell)| Some((id, cell.get()?)))
            .filter(|(_, cached)| Arc::strong_count(&cached.instance.writer) == 1)
            .map(|(id, cached)| (cached.used.load(Ordering::Relaxed), size(cached), id.clone()))
            .collect();
        idle.sort_unstable();
        for (_, size, id) in idle {
            if total <= memory {
                return;
            }
            cells.remove(&id);
            total = total.saturating_sub(size);
        }
    }

    /// The only instance as it was read last; `None` where it is not known.
    pub(super) fn only(&self) -> Option<Option<Id>> {
        self.only.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often this process made or deleted an instance until now.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Keeps the only instance as it was read when there had been so many changes.
    pub(super) fn set_only(&self, only: Option<Id>, changes: u64) {
        let mut known = self.only.lock().unwrap_or_else(PoisonError::into_inner);
        if self.changes() == changes {
            *known = Some(only);
        }
    }

    fn change(&self) {
        let mut known = self.only.lock().unwrap_or_else(PoisonError::into_inner);
        self.changes.fetch_add(1, Ordering::AcqRel);
        *known = None;
    }
}

/// A request that loads an instance, or waits for another that does.
struct Loading<'a> {
    instances: &'a Instances,
    id: &'a Id,
    cell: Cell,
}

impl Drop for Loading<'_> {
    /// Removes the cell that nothing was loaded into, also where the request was given up. While another request waits
    /// with it, the cell stays: an instance that is loaded outside the map would have a second writer.
    fn drop(&mut self) {
        if self.cell.get().is_some() {
            return;
        }
        let mut cells = self.instances.cells.write().unwrap_or_else(PoisonError::into_inner);
        let is_last = Arc::strong_count(&self.cell) <= 2;
        if is_last && self.cell.get().is_none() && cells.get(self.id).is_some_and(|it| Arc::ptr_eq(it, &self.cell)) {
            cells.remove(self.id);
        }
    }
}

fn size(cached: &Cached) -> u64 {
    INSTANCE + RESOURCE * u64::try_from(cached.instance.writer.read().len()).unwrap_or(u64::MAX >> 20)
}

/// Why an instance was not loaded.
enum Unread {
    NoSuchInstance,
    Failed(Error),
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

async fn read(node: &Node, id: &Id) -> std::result::Result<Cached, Unread> {
    let stream = StreamId::Instance(id.clone());
    let loaded = node.store.load(&stream).await.map_err(failed)?.ok_or(Unread::NoSuchInstance)?;
    let scope = scope(&loaded.directory).ok_or(Unread::NoSuchInstance)?;
    let registry = node.find_registry(&scope).await?;
    let registry = registry.ok_or_else(|| Error::internal(format!("{stream} is of a registry that is not there")))?;
    let permission_index = Arc::clone(&node.permission_index);
    let prepare = move || Snapshot::tip(&Tip::loaded(loaded), permission_index);
    let tip = busy::run(prepare).await?;
    Ok(Cached { instance: start(node, &registry, tip), since: Instant::now(), used: AtomicU64::new(0) })
}

/// The account and region of an instance.
fn scope(directory: &Directory) -> Option<Scope> {
    let instance = directory.instances.values().next()?;
    Some(Scope { account: instance.account.clone(), region: instance.region.clone() })
}

fn start(node: &Node, registry: &Arc<Registry>, tip: Tip<Snapshot>) -> Instance {
    Instance {
        scope: Arc::new(registry.scope.clone()),
        writer: StreamWriter::start(tip, Arc::clone(&node.store), Arc::clone(&node.environment)),
        registry: Arc::clone(registry),
    }
}
