//! The threads that read, each with a connection of its own, and the one that writes checkpoints.
//!
//! One thread carries out the queries that take little: a secret, a head, a few entries. Others carry out those that
//! take long, so that no light query ever waits behind a heavy one. Threads and connections are made when the first query
//! needs them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rusqlite::Connection;

use lanyard_store::{StoreError, give_way};

use crate::{Worker, schema};

/// How many threads carry out heavy queries.
const HEAVY: usize = 2;

/// From how many entries on a query of the log is a heavy one.
pub(crate) const MANY_ENTRIES: usize = 64;

pub(crate) type Query = Box<dyn FnOnce(&Connection) + Send>;

/// How long a query may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It reads a few rows.
    Light,
    /// It may read a whole stream.
    Heavy,
    /// It writes what is derived from the log, a little at a time.
    Upkeep,
}

impl Weight {
    fn thread(self) -> &'static str {
        match self {
            Self::Light => "store-read",
            Self::Heavy => "store-heavy",
            Self::Upkeep => "store-upkeep",
        }
    }
}

/// Threads that take queries from one queue.
type Pool = OnceLock<(Sender<Query>, Vec<Worker<()>>)>;

/// The threads that read a data directory.
pub(crate) struct Readers {
    directory: PathBuf,
    light: Pool,
    heavy: Pool,
    upkeep: Pool,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("directory", &self.directory).finish_non_exhaustive()
    }
}

impl Readers {
    /// The readers of a data directory that can be read.
    pub(crate) fn new(directory: &Path) -> Result<Self, StoreError> {
        let readers = Self {
            directory: directory.to_owned(),
            light: OnceLock::new(),
            heavy: OnceLock::new(),
            upkeep: OnceLock::new(),
        };
        let pool = readers.start(Weight::Light)?;
        // Nobody else has it yet.
        let _ = readers.light.set(pool);
        Ok(readers)
    }

    /// Puts a query in the queue.
    ///
    /// # Errors
    /// When a thread cannot be started or the database cannot be opened once more.
    pub(crate) fn send(&self, weight: Weight, query: Query) -> Result<(), StoreError> {
        let stopped = || StoreError::Storage("the store has stopped".to_owned());
        let pool = match weight {
            Weight::Light => &self.light,
            Weight::Heavy => &self.heavy,
            Weight::Upkeep => &self.upkeep,
        };
        if pool.get().is_none() {
            let made = self.start(weight)?;
            // Where another call was faster, the threads made here end.
            drop(pool.set(made));
        }
        let (queue, _) = pool.get().ok_or_else(stopped)?;
        queue.send(query).map_err(|_| stopped())
    }

    fn start(&self, weight: Weight) -> Result<(Sender<Query>, Vec<Worker<()>>), StoreError> {
        let (queue, queries) = mpsc::channel();
        let queries = Arc::new(Mutex::new(queries));
        let start = |_| {
            let connection = match weight {
                Weight::Light | Weight::Heavy => schema::open_to_read(&self.directory)?,
                Weight::Upkeep => schema::open_for_upkeep(&self.directory)?,
            };
            let queries = Arc::clone(&queries);
            Worker::start(weight.thread(), (), move || {
                if weight != Weight::Light {
                    give_way();
                }
                run(&connection, &queries);
            })
        };
        let threads = if weight == Weight::Heavy { HEAVY } else { 1 };
        let threads = (0..threads).map(start).collect::<Result<Vec<_>, StoreError>>()?;
        Ok((queue, threads))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        for pool in [&mut self.light, &mut self.heavy, &mut self.upkeep] {
            if let Some((queue, threads)) = pool.take() {
                // The threads end when the queue is closed and empty; dropping a thread waits for it.
                drop(queue);
                drop(threads);
            }
        }
    }
}

/// Carries out queries until the queue is closed and empty.
fn run(connection: &Connection, queries: &Mutex<Receiver<Query>>) {
    loop {
        let next = queries.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(query) => query(connection),
            Err(_) => return,
        }
    }
}
