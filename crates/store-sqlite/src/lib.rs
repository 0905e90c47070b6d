//! The log in a SQLite database, in a directory of its own.
//!
//! One process writes a data directory; others may open it to read. Within the process one thread writes and a few read,
//! each with its own connection, so that no caller's thread ever waits for the disk.

mod archive;
mod checkpoints;
mod condition;
mod doctor;
mod error;
mod incomplete;
mod reader;
mod readers;
mod schema;
mod writer;

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::thread::{Builder, JoinHandle};

use lanyard_model::{Id, Key, StreamId};
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use lanyard_store::rows::Rows;
use lanyard_store::{
    Append, AppendError, AppendFuture, Cell, CellChange, CellsOf, Checkpoint, CopyPoint, Head, Loaded, Logged,
    MasterKeys, Outage, Pending, PersonKeys, Position, Sealing, Secret, Snapshot, Store, StoreError, UniqueName,
    no_notifications,
};

use condition::Condition;
pub use doctor::{doctor, doctor_with};
pub use incomplete::{complete, doctor_incomplete, lock_to_copy};
use readers::{MANY_ENTRIES, Query, Readers, Weight};
use schema::Accept;
use writer::{Call, Message, Step, Upkeep, Work, Writer};

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
    writer: Option<Worker<SyncSender<Message>>>,
    sealing: Arc<Sealing>,
    /// The outage that the writer has met.
    condition: Arc<Condition>,
    /// The lock on the directory. The last to be dropped.
    _lock: Option<File>,
}

impl SqliteStore {
    /// Opens a data directory to write and to read; makes it when there is none.
    ///
    /// # Errors
    /// When another process writes the directory, a later version has written it, or it cannot be used.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_with(directory, MasterKeys::default())
    }

    /// The same, with keys from outside: secrets and the keys of people are sealed with the first.
    ///
    /// # Errors
    /// As for [`Self::open`]; and when something is sealed with a key that is not among them.
    pub fn open_with(directory: &Path, master: MasterKeys) -> Result<Self, StoreError> {
        let lock = schema::lock(directory)?;
        let connection = schema::open_to_write(directory, &master)?;
        Self::start(directory, lock, connection, Accept::Complete, master)
    }

    /// Opens a data directory without streams for a copy, and marks it as incomplete; makes it when there is none. It
    /// cannot be opened in another way until [`complete`] is called.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] when it has a stream, [`StoreError::Incomplete`] when a copy into it did not end, and as
    /// for [`Self::open`].
    pub fn open_incomplete(directory: &Path, master: MasterKeys) -> Result<Self, StoreError> {
        let lock = schema::lock(directory)?;
        let connection = schema::open_to_write(directory, &master)?;
        incomplete::mark(&connection, directory)?;
        Self::start(directory, lock, connection, Accept::Incomplete, master)
    }

    fn start(
        directory: &Path,
        lock: File,
        connection: Connection,
        accept: Accept,
        master: MasterKeys,
    ) -> Result<Self, StoreError> {
        let (queue, calls) = mpsc::sync_channel(QUEUE);
        let condition = Arc::<Condition>::default();
        let writer = Writer::new(directory, connection, Arc::clone(&condition));
        let writer = Worker::start("store-write", queue, move || writer.run(&calls))?;
        let readers = Readers::new(directory, accept)?;
        let sealing = Arc::new(Sealing::new(master));
        Ok(Self { readers, writer: Some(writer), sealing, condition, _lock: Some(lock) })
    }

    /// Opens a data directory to read, whether or not another process writes it. Every append fails.
    ///
    /// # Errors
    /// When there is no data, a later version has written it, or it cannot be read.
    pub fn open_read_only(directory: &Path) -> Result<Self, StoreError> {
        Self::open_read_only_with(directory, MasterKeys::default())
    }

    /// The same, with keys from outside. Without the key that something is sealed with, all else can be read.
    ///
    /// # Errors
    /// As for [`Self::open_read_only`].
    pub fn open_read_only_with(directory: &Path, master: MasterKeys) -> Result<Self, StoreError> {
        let readers = Readers::new(directory, Accept::Complete)?;
        Ok(Self {
            readers,
            writer: None,
            sealing: Arc::new(Sealing::new(master)),
            condition: Arc::default(),
            _lock: None,
        })
    }

    fn queue(&self) -> Option<&SyncSender<Message>> {
        self.writer.as_ref().and_then(|writer| writer.queue.as_ref())
    }

    /// Puts a call in the queue. Fails when the writer has ended.
    fn enqueue(&self, work: Work) -> Result<oneshot::Receiver<Result<u64, AppendError>>, AppendError> {
        let Some(queue) = self.queue() else {
            return Err(AppendError::Refused("the data directory was opened to read".to_owned()));
        };
        let (reply, answer) = oneshot::channel();
        match queue.try_send(Message::Work(Call { work, reply })) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(AppendError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(AppendError::Storage("the store has stopped".to_owned())),
        }
    }

    /// The result of work that was put in the queue.
    async fn written(
        waiting: Result<oneshot::Receiver<Result<u64, AppendError>>, AppendError>,
    ) -> Result<u64, AppendError> {
        // The call was taken and never answered.
        waiting?.await.unwrap_or_else(|_| Err(AppendError::Unknown("the store has stopped".to_owned())))
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
    fn upkeep(&self, step: Step) -> Pending<()> {
        let Some(queue) = self.queue() else {
            let refused = StoreError::Storage("the data directory was opened to read".to_owned());
            return Box::pin(std::future::ready(Err(refused)));
        };
        let (reply, answer) = oneshot::channel();
        let sent = queue.try_send(Message::Upkeep(Upkeep { step, reply }));
        Box::pin(async move {
            let stopped = |why: &str| StoreError::Storage(why.to_owned());
            match sent {
                Ok(()) => answer.await.unwrap_or_else(|_| Err(stopped("the store has stopped"))),
                Err(TrySendError::Full(_)) => Err(stopped("too many calls wait")),
                Err(TrySendError::Disconnected(_)) => Err(stopped("the store has stopped")),
            }
        })
    }
}

impl Store for SqliteStore {
    fn append(&self, appends: Vec<Append>) -> AppendFuture {
        let master = self.sealing.master();
        let rows = appends.into_iter().map(|append| Rows::new(append, master)).collect::<Result<_, _>>();
        let waiting = rows.and_then(|rows| self.enqueue(Work::Append(rows)));
        Box::pin(async move { Self::written(waiting).await.map(drop) })
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
        let sealing = Arc::clone(&self.sealing);
        let weight = if limit < MANY_ENTRIES { Weight::Light } else { Weight::Heavy };
        self.query(weight, move |connection| reader::read(connection, sealing.master(), &stream, after, limit))
    }

    fn records(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<(u64, String)>> {
        let stream = stream.clone();
        let weight = if limit < MANY_ENTRIES { Weight::Light } else { Weight::Heavy };
        self.query(weight, move |connection| reader::records(connection, &stream, after, limit))
    }

    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>> {
        let (stream, name) = (stream.clone(), name.to_owned());
        let sealing = Arc::clone(&self.sealing);
        self.query(Weight::Light, move |connection| reader::secret(connection, sealing.master(), &stream, &name))
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

    fn instances(&self, limit: usize) -> Pending<Vec<Id>> {
        self.query(Weight::Light, move |connection| reader::instances(connection, limit))
    }

    fn holder(&self, name: UniqueName) -> Pending<Option<(StreamId, Key)>> {
        self.query(Weight::Light, move |connection| reader::holder(connection, &name))
    }

    fn notifications(&self) -> watch::Receiver<()> {
        no_notifications()
    }

    fn cell(&self, kind: &'static str, key: Vec<u8>) -> Pending<Option<Cell>> {
        self.query(Weight::Light, move |connection| reader::cell(connection, kind, &key))
    }

    fn cells_of(&self, of: CellsOf) -> Pending<Vec<(Vec<u8>, Cell)>> {
        self.query(Weight::Light, move |connection| reader::cells_of(connection, &of))
    }

    fn change_cells(&self, change: CellChange) -> Pending<u64, AppendError> {
        Box::pin(Self::written(self.enqueue(Work::Cells(change))))
    }

    fn copy_point(&self) -> Pending<CopyPoint> {
        let sealing = Arc::clone(&self.sealing);
        self.query(Weight::Heavy, move |connection| reader::copy_point(connection, sealing.master()))
    }

    fn sealing(&self) -> &Sealing {
        &self.sealing
    }

    fn person_keys(&self, stream: &StreamId) -> Pending<PersonKeys> {
        let (stream, sealing) = (stream.to_string(), Arc::clone(&self.sealing));
        self.query(Weight::Heavy, move |connection| reader::person_keys(connection, sealing.master(), &stream))
    }

    fn reseal(&self) -> Pending<u64> {
        let failed =
            |why: &str| -> Pending<u64> { Box::pin(std::future::ready(Err(StoreError::Storage(why.to_owned())))) };
        if self.sealing.master().is_empty() {
            return failed("there is no key to seal with; give it with --key-file FILE");
        }
        let Some(queue) = self.queue() else { return failed("the data directory was opened to read") };
        let (reply, answer) = oneshot::channel();
        // A message that cannot be sent is dropped, and with it the place for the answer.
        let _ = queue.send(Message::Reseal(Arc::clone(&self.sealing), reply));
        Box::pin(async move {
            answer.await.unwrap_or_else(|_| Err(StoreError::Storage("the store has stopped".to_owned())))
        })
    }

    fn condition(&self) -> Pending<(), Outage> {
        // A write that leaves no trace finds out whether an outage is over.
        let touched = self.condition.current().map(|_| self.enqueue(Work::Append(Vec::new())));
        let condition = Arc::clone(&self.condition);
        Box::pin(async move {
            if let Some(Ok(answer)) = touched {
                let _ = answer.await;
            }
            condition.current().map_or(Ok(()), Err)
        })
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
        let stream = stream.clone();
        let sealing = Arc::clone(&self.sealing);
        self.query(Weight::Heavy, move |connection| {
            let people = reader::person_keys(connection, sealing.master(), &stream.to_string())?;
            checkpoints::snapshot(connection, people, &stream)
        })
    }

    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()> {
        let stream = stream.to_string();
        match checkpoints::put(self.sealing.master(), stream, snapshot) {
            Ok(step) => self.upkeep(step),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64> {
        let stream = stream.to_string();
        self.query(Weight::Heavy, move |connection| checkpoints::log_size(connection, &stream, after))
    }

    fn cut(&self, stream: &StreamId, position: Position, after: u64) -> Pending<()> {
        let stream = stream.to_string();
        self.upkeep(archive::cut(stream, position, after))
    }

    fn compact(&self, may_block: bool) -> Pending<()> {
        self.upkeep(archive::compact(may_block))
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
