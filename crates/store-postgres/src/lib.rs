//! The log in a PostgreSQL database, which any number of nodes write.
//!
//! Within a process one task writes and a few connections read, each on a thread of the store's own with its own
//! runtime, so that no caller's thread waits for the database and a store outlives the runtime that opened it. What
//! nodes agree on is only in the database: an entry is appended under the lock of its stream's head, and only after the
//! entry that it follows.

mod archive;
mod cells;
mod checkpoints;
mod columns;
mod condition;
mod connection;
mod doctor;
mod nodes;
mod notify;
mod passfile;
mod plan;
mod pool;
mod prepared;
mod reader;
mod schema;
mod settings;
mod statements;
mod timeline;
mod tls;
mod transaction;
mod write;
mod writer;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use lanyard_model::{Id, Key, StreamId};
use lanyard_store::doctor::Report;
use lanyard_store::rows::Rows;
use lanyard_store::{
    Append, AppendError, AppendFuture, Cause, Cell, CellChange, CellsOf, Checkpoint, CopyPoint, Head, Loaded, Logged,
    Outage, Pending, PersonKeys, Position, Sealing, Secret, Snapshot, Store, StoreError, UniqueName, no_notifications,
};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use condition::Condition;
use connection::{Access, connect};
use nodes::Node;
use prepared::Prepared;
use reader::Readers;
use schema::Accept;
pub use settings::Settings;
use tls::Tls;
use writer::{Call, Writer};

/// The most calls of `append` that wait.
const QUEUE: usize = 4096;

/// How soon a database answers that can be used.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// A query that is to be carried out by the connections that read.
type Query = Box<dyn FnOnce(Arc<Readers>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// A store in a PostgreSQL database.
///
/// Dropping it waits until all that was appended is written, or known not to be.
pub struct PostgresStore {
    reader: Worker<mpsc::UnboundedSender<Query>>,
    /// `None` when the store was opened to read.
    writer: Option<Worker<mpsc::Sender<Call>>>,
    /// Changes when another process has written.
    notifications: watch::Receiver<()>,
    sealing: Arc<Sealing>,
    condition: Arc<Condition>,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("writes", &self.writer.is_some()).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Opens a database to write and to read; makes its tables when it has none.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses the role, or a later version made the tables.
    pub async fn open(settings: &Settings) -> Result<Self, StoreError> {
        Self::start(settings, Accept::Complete).await
    }

    /// Opens a database without streams for a copy, and marks it as incomplete; makes its tables when it has none. It
    /// cannot be opened in another way until [`complete`] is called.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] when it has a stream, [`StoreError::Incomplete`] when a copy into it did not end, and as
    /// for [`Self::open`].
    pub async fn open_incomplete(settings: &Settings) -> Result<Self, StoreError> {
        Self::start(settings, Accept::Incomplete).await
    }

    async fn start(settings: &Settings, accept: Accept) -> Result<Self, StoreError> {
        let (settings, tls) = prepare(&settings.to_write())?;
        let (queue, calls) = mpsc::channel(QUEUE);
        let sealing = Arc::new(Sealing::new(settings.master.clone()));
        let name = lanyard_store::random_name().map_err(StoreError::Storage)?;
        let node = Node { name, settings: Arc::clone(&settings), tls: tls.clone(), sealing: Arc::clone(&sealing) };
        let condition = Arc::<Condition>::default();
        let of_writer = Arc::clone(&condition);
        let (writer, opened) = Worker::start("store-write", queue, move |opened| async move {
            let made = async {
                let client = connect(&node.settings, &node.tls, Access::Write).await.map_err(StoreError::Storage)?;
                schema::create(&client, &node.settings).await?;
                if accept == Accept::Incomplete {
                    schema::mark(&client, &node.settings).await?;
                }
                nodes::enlist_keys(&client, &node.settings).await?;
                node.announce(&client).await.map(|()| client)
            };
            match made.await {
                Ok(client) => {
                    // A caller that is gone has dropped the queue as well.
                    let _ = opened.send(Ok(()));
                    let client = Prepared::new(client).await;
                    let writer = Writer::new(Arc::clone(&node.settings), node.tls.clone(), client, of_writer);
                    tokio::select! {
                        () = writer.run(calls) => {}
                        () = node.keep() => {}
                    }
                    node.leave().await;
                }
                Err(error) => drop(opened.send(Err(error))),
            }
        })?;
        answer(opened).await?;
        let reader = start_reader(Arc::clone(&settings), tls.clone(), Access::Write, accept).await?;
        let (heard, notifications) = watch::channel(());
        let store = Self { reader, writer: Some(writer), notifications, sealing, condition };
        store.ask(Box::new(|_| Box::pin(async move { drop(tokio::spawn(notify::listen(settings, tls, heard))) })));
        Ok(store)
    }

    /// Opens a database to read, whether or not servers write it. Every append fails. A role that may only read the
    /// tables is enough.
    ///
    /// # Errors
    /// When there is no data, a later version made the tables, or they cannot be read.
    pub async fn open_read_only(settings: &Settings) -> Result<Self, StoreError> {
        let (settings, tls) = prepare(settings)?;
        let sealing = Arc::new(Sealing::new(settings.master.clone()));
        let reader = start_reader(settings, tls, Access::Read, Accept::Complete).await?;
        Ok(Self { reader, writer: None, notifications: no_notifications(), sealing, condition: Arc::default() })
    }

    /// Puts a call in the queue, or says why not.
    fn enqueue(&self, appends: Vec<Append>) -> Result<oneshot::Receiver<Result<(), AppendError>>, AppendError> {
        let master = self.sealing.master();
        let appends = appends.into_iter().map(|it| Rows::new(it, master)).collect::<Result<_, _>>()?;
        let Some(queue) = self.writer.as_ref().and_then(|writer| writer.queue.as_ref()) else {
            return Err(AppendError::Refused("the database was opened to read".to_owned()));
        };
        let (reply, answer) = oneshot::channel();
        match queue.try_send(Call::new(appends, reply)) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(AppendError::Busy),
            Err(TrySendError::Closed(_)) => Err(AppendError::Storage("the store has stopped".to_owned())),
        }
    }

    fn query<T, E, F>(&self, work: impl FnOnce(Arc<Readers>) -> F + Send + 'static) -> Pending<T, E>
    where
        T: Send + 'static,
        E: Stopped + Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let (reply, waiting) = oneshot::channel();
        let query: Query = Box::new(move |readers| {
            Box::pin(async move {
                // The caller may have gone.
                let _ = reply.send(work(readers).await);
            })
        });
        self.ask(query);
        Box::pin(answer(waiting))
    }

    /// Runs a query on the reading thread.
    fn ask(&self, query: Query) {
        if let Some(queue) = &self.reader.queue {
            // A query that cannot be sent is dropped, and with it the place for the answer.
            let _ = queue.send(query);
        }
    }
}

/// Verifies a database.
///
/// # Errors
/// When there is nothing to verify: the server cannot be reached, there is no data, a copy did not end, or the format is of
/// a later version.
/// Damage is in the report instead.
pub async fn doctor(settings: &Settings) -> Result<Report, StoreError> {
    report(settings, Accept::Complete).await
}

/// Verifies a database that a copy has filled.
///
/// # Errors
/// As for [`doctor`](doctor()).
pub async fn doctor_incomplete(settings: &Settings) -> Result<Report, StoreError> {
    report(settings, Accept::Incomplete).await
}

async fn report(settings: &Settings, accept: Accept) -> Result<Report, StoreError> {
    let (settings, tls) = prepare(settings)?;
    let (_worker, report) = Worker::start("doctor", (), move |reply| async move {
        let _ = reply.send(doctor::doctor(&settings, &tls, accept).await);
    })?;
    answer(report).await
}

/// Takes the mark off a database that a copy has filled.
///
/// # Errors
/// When the server cannot be reached or fails.
pub async fn complete(settings: &Settings) -> Result<(), StoreError> {
    let (settings, tls) = prepare(&settings.to_write())?;
    let (_worker, done) = Worker::start("complete", (), move |reply| async move {
        let unmark = async {
            let client = connect(&settings, &tls, Access::Write).await.map_err(StoreError::Storage)?;
            schema::unmark(&client).await
        };
        let _ = reply.send(unmark.await);
    })?;
    answer(done).await
}

impl PostgresStore {
    /// Carries out a change of what is derived from the log.
    fn upkeep<T, F>(&self, work: impl FnOnce(Arc<Readers>) -> F + Send + 'static) -> Pending<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        if self.writer.is_none() {
            let refused = StoreError::Storage("the database was opened to read".to_owned());
            return Box::pin(std::future::ready(Err(refused)));
        }
        self.query(work)
    }
}

impl Store for PostgresStore {
    fn append(&self, appends: Vec<Append>) -> AppendFuture {
        let waiting = self.enqueue(appends);
        Box::pin(async move {
            // The call was taken and never answered.
            waiting?.await.unwrap_or_else(|_| Err(AppendError::Unknown("the store has stopped".to_owned())))
        })
    }

    fn load(&self, stream: &StreamId) -> Pending<Option<Loaded>> {
        let stream = stream.clone();
        self.query(|readers| async move { readers.load(stream).await })
    }

    fn registries(&self) -> Pending<Vec<StreamId>> {
        self.query(|readers| async move { readers.registries().await })
    }

    fn read(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<Logged>> {
        let stream = stream.clone();
        self.query(move |readers| async move { readers.read(stream, after, limit).await })
    }

    fn records(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<(u64, String)>> {
        let stream = stream.clone();
        self.query(move |readers| async move { readers.records(stream, after, limit).await })
    }

    fn confirm(&self, stream: &StreamId) -> Pending<()> {
        let stream = stream.clone();
        self.query(|readers| async move { readers.confirm(&stream).await })
    }

    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>> {
        let (stream, name) = (stream.clone(), name.to_owned());
        self.query(|readers| async move { readers.secret(stream, name).await })
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn heads(&self, streams: Vec<StreamId>) -> Pending<Vec<Option<Head>>> {
        self.query(|readers| async move { readers.heads(streams).await })
    }

    fn streams(&self) -> Pending<Vec<(StreamId, Head)>> {
        self.query(|readers| async move { readers.streams().await })
    }

    fn instances(&self, limit: usize) -> Pending<Vec<Id>> {
        self.query(move |readers| async move { readers.instances(limit).await })
    }

    fn holder(&self, name: UniqueName) -> Pending<Option<(StreamId, Key)>> {
        self.query(|readers| async move { readers.holder(name).await })
    }

    fn notifications(&self) -> watch::Receiver<()> {
        self.notifications.clone()
    }

    fn cell(&self, kind: &'static str, key: Vec<u8>) -> Pending<Option<Cell>> {
        self.query(move |readers| async move { readers.cells.cell(kind, &key).await })
    }

    fn cells_of(&self, of: CellsOf) -> Pending<Vec<(Vec<u8>, Cell)>> {
        self.query(move |readers| async move { readers.cells.cells_of(&of).await })
    }

    fn change_cells(&self, change: CellChange) -> Pending<u64, AppendError> {
        if self.writer.is_none() {
            return Box::pin(async { Err(AppendError::Refused("the database was opened to read".to_owned())) });
        }
        self.query(move |readers| async move { readers.cells.change(&change).await })
    }

    fn copy_point(&self) -> Pending<CopyPoint> {
        self.query(|readers| async move { readers.copy_point().await })
    }

    fn sealing(&self) -> &Sealing {
        &self.sealing
    }

    fn person_keys(&self, stream: &StreamId) -> Pending<PersonKeys> {
        let stream = stream.to_string();
        self.query(|readers| async move { readers.person_keys(stream).await })
    }

    fn reseal(&self) -> Pending<u64> {
        let why = match (&self.writer, self.sealing.master().is_empty()) {
            (None, _) => "the database was opened to read",
            (_, true) => "there is no key to seal with; give it with --key-file FILE",
            (Some(_), false) => return self.query(|readers| async move { readers.reseal().await }),
        };
        Box::pin(std::future::ready(Err(StoreError::Storage(why.to_owned()))))
    }

    fn condition(&self) -> Pending<(), Outage> {
        let read = self.heads(Vec::new());
        // A call without appends waits for those before it and changes nothing.
        let written = self.condition.current().map(|_| self.enqueue(Vec::new()));
        let condition = Arc::clone(&self.condition);
        Box::pin(async move {
            let unreachable = |detail| Outage { cause: Cause::Unreachable, detail };
            let ask = async {
                read.await.map_err(|error| unreachable(error.to_string()))?;
                if let Some(Ok(answer)) = written {
                    let _ = answer.await;
                }
                condition.current().map_or(Ok(()), Err)
            };
            let in_time = tokio::time::timeout(ANSWERS_WITHIN, ask).await;
            let late = || format!("the database has not answered for {} seconds", ANSWERS_WITHIN.as_secs());
            in_time.unwrap_or_else(|_| Err(condition.current().unwrap_or_else(|| unreachable(late()))))
        })
    }

    fn checkpoints(&self, stream: &StreamId) -> Pending<Vec<Checkpoint>> {
        let stream = stream.to_string();
        self.query(|readers| async move { readers.checkpoints(&stream).await })
    }

    fn checkpoint_part(&self, stream: &StreamId, revision: u64, part: u32) -> Pending<Option<Vec<u8>>> {
        let stream = stream.to_string();
        self.query(move |readers| async move { readers.checkpoint_part(&stream, revision, part).await })
    }

    fn snapshot(&self, stream: &StreamId) -> Pending<Option<Snapshot>> {
        let stream = stream.clone();
        self.query(|readers| async move { readers.snapshot(&stream).await })
    }

    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()> {
        let stream = stream.to_string();
        self.upkeep(|readers| async move { readers.put_checkpoint(&stream, &snapshot).await })
    }

    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64> {
        let stream = stream.to_string();
        self.query(move |readers| async move { readers.log_size(&stream, after).await })
    }

    fn cut(&self, stream: &StreamId, position: Position, after: u64) -> Pending<()> {
        let stream = stream.to_string();
        self.upkeep(move |readers| async move { readers.cut(&stream, position, after).await })
    }

    fn compact(&self, _: bool) -> Pending<()> {
        // The server's own vacuum does it.
        Box::pin(std::future::ready(Ok(())))
    }
}

fn prepare(settings: &Settings) -> Result<(Arc<Settings>, Tls), StoreError> {
    let tls = Tls::new(&settings.trust, settings.identity.as_ref()).map_err(StoreError::Storage)?;
    Ok((Arc::new(settings.clone()), tls))
}

/// The error for an answer that never comes.
trait Stopped {
    fn stopped() -> Self;
}

impl Stopped for StoreError {
    fn stopped() -> Self {
        Self::Storage("the store has stopped".to_owned())
    }
}

impl Stopped for AppendError {
    fn stopped() -> Self {
        Self::Unknown("the store has stopped".to_owned())
    }
}

async fn answer<T, E: Stopped>(waiting: oneshot::Receiver<Result<T, E>>) -> Result<T, E> {
    waiting.await.unwrap_or_else(|_| Err(E::stopped()))
}

async fn start_reader(
    settings: Arc<Settings>,
    tls: Tls,
    cells: Access,
    accept: Accept,
) -> Result<Worker<mpsc::UnboundedSender<Query>>, StoreError> {
    let (queue, mut queries) = mpsc::unbounded_channel::<Query>();
    let (reader, opened) = Worker::start("store-read", queue, move |opened| async move {
        let checked = async {
            let client = connect(&settings, &tls, Access::Read).await.map_err(StoreError::Storage)?;
            schema::check(&client, &settings, accept).await
        };
        let checked = checked.await;
        let is_open = checked.is_ok();
        let _ = opened.send(checked);
        if !is_open {
            return;
        }
        let readers = Arc::new(Readers::new(settings, tls, cells));
        let mut running = JoinSet::new();
        while let Some(query) = queries.recv().await {
            running.spawn(query(Arc::clone(&readers)));
            while running.try_join_next().is_some() {}
        }
        while running.join_next().await.is_some() {}
    })?;
    answer(opened).await?;
    Ok(reader)
}

/// A thread with a runtime of its own, and the queue that feeds it. Dropping it closes the queue and waits until the thread
/// has emptied it.
struct Worker<Q> {
    queue: Option<Q>,
    thread: Option<JoinHandle<()>>,
}

/// The place for the first answer of a worker.
type First<T> = oneshot::Sender<Result<T, StoreError>>;

impl<Q> Worker<Q> {
    fn start<T, F>(
        name: &str,
        queue: Q,
        work: impl FnOnce(First<T>) -> F + Send + 'static,
    ) -> Result<(Self, oneshot::Receiver<Result<T, StoreError>>), StoreError>
    where
        T: Send + 'static,
        F: Future<Output = ()>,
    {
        let failed = |error: io::Error| StoreError::Storage(format!("cannot start a thread: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (first, waiting) = oneshot::channel();
        let run = move || runtime.block_on(work(first));
        let thread = Builder::new().name(name.to_owned()).spawn(run).map_err(failed)?;
        Ok((Self { queue: Some(queue), thread: Some(thread) }, waiting))
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
