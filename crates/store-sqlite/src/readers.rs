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

use crate::schema::Accept;
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
}

impl Weight {
    /// The name and the number of the threads.
    fn threads(self) -> (&'static str, usize) {
        match self {
            Self::Light => ("store-read", 1),
            Self::Heavy => ("store-heavy", HEAVY),
        }
    }
}

/// Threads that take queries from one queue. The order of the fields matters: a thread ends when the queue is closed and
/// empty, and dropping a thread waits for its end.
struct Pool {
    queue: Sender<Query>,
    threads: Vec<Worker<()>>,
}

/// The threads that read a data directory.
pub(crate) struct Readers {
    directory: PathBuf,
    accept: Accept,
    light: OnceLock<Pool>,
    heavy: OnceLock<Pool>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("directory", &self.directory).finish_non_exhaustive()
    }
}

impl Readers {
    /// The readers of a data directory that can be read.
    pub(crate) fn new(directory: &Path, accept: Accept) -> Result<Self, StoreError> {
        let (light, heavy) = (OnceLock::new(), OnceLock::new());
        let readers = Self { directory: directory.to_owned(), accept, light, heavy };
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
        };
        if pool.get().is_none() {
            let made = self.start(weight)?;
            // Where another call was faster, the threads made here end.
            drop(pool.set(made));
        }
        let pool = pool.get().ok_or_else(stopped)?;
        pool.queue.send(query).map_err(|_| stopped())
    }

    fn start(&self, weight: Weight) -> Result<Pool, StoreError> {
        let (name, threads) = weight.threads();
        let (queue, queries) = mpsc::channel();
        let queries = Arc::new(Mutex::new(queries));
        // It is dropped as a whole where a thread after the first cannot be started.
        let mut pool = Pool { queue, threads: Vec::with_capacity(threads) };
        for _ in 0..threads {
            let connection = schema::open_to_read(&self.directory, self.accept)?;
            let queries = Arc::clone(&queries);
            pool.threads.push(Worker::start(name, (), move || {
                if weight == Weight::Heavy {
                    give_way();
                }
                run(&connection, &queries);
            })?);
        }
        Ok(pool)
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
