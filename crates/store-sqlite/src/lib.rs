//! The log in a SQLite database, in a directory of its own.
//!
//! One process writes a data directory; others may open it to read. Within the process one thread writes and a few read,
//! each with its own connection, so that no caller's thread ever waits for the disk.

mod archive;
mod checkpoints;
mod doctor;
mod error;
mod reader;
mod readers;
mod schema;
mod writer;

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::thread::{Builder, JoinHandle};

use lanyard_model::StreamId;
use rusqlite::Connection;
use tokio::sync::oneshot;

use lanyard_store::rows::Rows;
use lanyard_store::{
    Append, AppendError, AppendFuture, Checkpoint, Head, Loaded, Logged, Pending, Position, Secret, Snapshot, Store,
    StoreError,
};

pub use doctor::doctor;
use readers::{MANY_ENTRIES, Query, Readers, Weight};
use writer::{Call, Writer};

/// The most calls of `append` that wait. A caller waits for its answer before it appends much more, so this many are
/// there only when the disk does not keep up with thousands of callers; more would wait longer than they are worth.
const QUEUE: usize = 4096;

/// A store in a data directory.
///
/// Dropping it waits until all that was appended is written, and then gives the directory free.
#[derive(Debug)]
pub struct SqliteStore {
    readers: Readers,
    /// `None` when the store was opened to read.
    writer: Option<Worker<SyncSender<Call>>>,
    /// The lock on the directory. The last to be dropped.
    _lock: Option<File>,
}

impl SqliteStore {
    /// Opens a data directory to write and to read; makes it when there is none.
    ///
    /// # Errors
    /// When another process writes the directory, a later version has written it, or it cannot be used.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let lock = schema::lock(directory)?;
        let (queue, calls) = mpsc::sync_channel(QUEUE);
        let writer = Writer::new(schema::open_to_write(directory)?);
        let writer = Worker::start("store-write", queue, move || writer.run(&calls))?;
        Ok(Self { readers: Readers::new(directory)?, writer: Some(writer), _lock: Some(lock) })
    }

    /// Opens a data directory to read, whether or not another process writes it. Every append fails.
    ///
    /// # Errors
    /// When there is no data, a later version has written it, or it cannot be read.
    pub fn open_read_only(directory: &Path) -> Result<Self, StoreError> {
        Ok(Self { readers: Readers::new(directory)?, writer: None, _lock: None })
    }

    /// Puts a call in the queue. Fails when the writer has ended.
    fn enqueue(&self, appends: Vec<Append>) -> Result<oneshot::Receiver<Result<(), AppendError>>, AppendError> {
        let appends = appends.into_iter().map(Rows::new).collect::<Result<_, _>>()?;
        let Some(queue) = self.writer.as_ref().and_then(|writer| writer.queue.as_ref()) else {
            return Err(AppendError::Refused("the data directory was opened to read".to_owned()));
        };
        let (reply, answer) = oneshot::channel();
        match queue.try_send(Call { appends, reply }) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(AppendError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(AppendError::Storage("the store has stopped".to_owned())),
        }
    }

    fn query<T: Send + 'static>(
        &self,
        weight: Weight,
        work: impl FnOnce(&Connection) -> error::Result<T> + Send + 'static,
    ) -> Pending<T> {
        let (reply, answer) = oneshot::channel();
        let query: Query = Box::new(move |connection| {
            // The caller may have gone.
            let _ = reply.send(work(connection).map_err(StoreError::from));
        });
        let sent = self.readers.send(weight, query);
        Box::pin(async move {
            sent?;
            answer.await.unwrap_or_else(|_| Err(StoreError::Storage("the store has stopped".to_owned())))
        })
    }
}

impl SqliteStore {
    /// Carries out a change of what is derived from the log.
    fn upkeep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> error::Result<T> + Send + 'static,
    ) -> Pending<T> {
        if self.writer.is_none() {
            let refused = StoreError::Storage("the data directory was opened to read".to_owned());
            return Box::pin(std::future::ready(Err(refused)));
        }
        self.query(Weight::Upkeep, work)
    }
}

impl Store for SqliteStore {
    fn append(&self, appends: Vec<Append>) -> AppendFuture {
        let waiting = self.enqueue(appends);
        Box::pin(async move {
            // The call was taken and never answered.
            waiting?.await.unwrap_or_else(|_| Err(AppendError::Unknown("the store has stopped".to_owned())))
        })
    }

    fn load(&self, stream: &StreamId) -> Pending<Option<Loaded>> {
        let stream = stream.clone();
        self.query(Weight::Heavy, move |connection| reader::load(connection, &stream))
    }

    fn registries(&self) -> Pending<Vec<StreamId>> {
        self.query(Weight::Light, reader::registries)
    }

    fn read(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<Logged>> {
        let stream = stream.clone();
        let weight = if limit < MANY_ENTRIES { Weight::Light } else { Weight::Heavy };
        self.query(weight, move |connection| reader::read(connection, &stream, after, limit))
    }

    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>> {
        let (stream, name) = (stream.clone(), name.to_owned());
        self.query(Weight::Light, move |connection| reader::secret(connection, &stream, &name))
    }

    fn is_shared(&self) -> bool {
        // The process that writes has locked the directory; one that reads is read by a command, once.
        false
    }

    fn heads(&self, streams: Vec<StreamId>) -> Pending<Vec<Option<Head>>> {
        self.query(Weight::Light, move |connection| reader::heads(connection, &streams))
    }

    fn streams(&self) -> Pending<Vec<(StreamId, Head)>> {
        self.query(Weight::Light, reader::streams)
    }

    fn checkpoints(&self, stream: &StreamId) -> Pending<Vec<Checkpoint>> {
        let stream = stream.to_string();
        self.query(Weight::Light, move |connection| checkpoints::list(connection, &stream))
    }

    fn checkpoint_part(&self, stream: &StreamId, revision: u64, part: u32) -> Pending<Option<Vec<u8>>> {
        let stream = stream.to_string();
        self.query(Weight::Heavy, move |connection| checkpoints::part(connection, &stream, revision, part))
    }

    fn snapshot(&self, stream: &StreamId) -> Pending<Option<Snapshot>> {
        let stream = stream.to_string();
        self.query(Weight::Heavy, move |connection| checkpoints::snapshot(connection, &stream))
    }

    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()> {
        let stream = stream.to_string();
        self.upkeep(move |connection| checkpoints::put(connection, &stream, &snapshot))
    }

    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64> {
        let stream = stream.to_string();
        self.query(Weight::Heavy, move |connection| checkpoints::log_size(connection, &stream, after))
    }

    fn cut(&self, stream: &StreamId, position: Position, after: u64) -> Pending<()> {
        let stream = stream.to_string();
        self.upkeep(move |connection| archive::cut(connection, &stream, position, after))
    }

    fn compact(&self, may_block: bool) -> Pending<()> {
        self.upkeep(move |connection| archive::compact(connection, may_block))
    }
}

/// A thread and the queue that feeds it. Dropping it closes the queue and waits until the thread has emptied it.
#[derive(Debug)]
struct Worker<Q> {
    queue: Option<Q>,
    thread: Option<JoinHandle<()>>,
}

impl<Q> Worker<Q> {
    fn start(name: &str, queue: Q, work: impl FnOnce() + Send + 'static) -> Result<Self, StoreError> {
        let failed = |error: io::Error| StoreError::Storage(format!("cannot start a thread: {error}"));
        let thread = Builder::new().name(name.to_owned()).spawn(work).map_err(failed)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }
}

impl<Q> Drop for Worker<Q> {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A thread that ended badly has nothing left to wait for.
            let _ = thread.join();
        }
    }
}
