//! The log in a PostgreSQL database, which any number of nodes write.
//!
//! Within a process one task writes and a few connections read, each on a thread of the store's own with its own
//! runtime, so that no caller's thread waits for the database and a store outlives the runtime that opened it. What
//! nodes agree on is only in the database: an entry is appended under the lock of its stream's head, and only after the
//! entry that it follows.

mod archive;
mod checkpoints;
mod columns;
mod connection;
mod doctor;
mod passfile;
mod plan;
mod reader;
mod schema;
mod settings;
mod statements;
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

use lanyard_model::StreamId;
use lanyard_store::doctor::Report;
use lanyard_store::rows::Rows;
use lanyard_store::{
    Append, AppendError, AppendFuture, Checkpoint, Head, Loaded, Logged, Pending, Position, Secret, Snapshot, Store,
    StoreError,
};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use connection::{Access, connect};
use reader::Readers;
pub use settings::Settings;
use tls::Tls;
use writer::{Call, Writer};

/// The most calls of `append` that wait.
const QUEUE: usize = 4096;

/// A query that is to be carried out by the connections that read.
type Query = Box<dyn FnOnce(Arc<Readers>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// A store in a PostgreSQL database.
///
/// Dropping it waits until all that was appended is written, or known not to be.
pub struct PostgresStore {
    reader: Worker<mpsc::UnboundedSender<Query>>,
    /// `None` when the store was opened to read.
    writer: Option<Worker<mpsc::Sender<Call>>>,
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
        let (settings, tls) = prepare(&settings.to_write())?;
        let (queue, calls) = mpsc::channel(QUEUE);
        let of_writer = (Arc::clone(&settings), tls.clone());
        let (writer, opened) = Worker::start("store-write", queue, move |opened| async move {
            let (settings, tls) = of_writer;
            let made = async {
                let client = connect(&settings, &tls, Access::Write).await.map_err(StoreError::Storage)?;
                schema::create(&client, &settings).await.map(|()| client)
            };
            match made.await {
                Ok(client) => {
                    // A caller that is gone has dropped the queue as well.
                    let _ = opened.send(Ok(()));
                    Writer::new(settings, tls, client).run(calls).await;
                }
                Err(error) => drop(opened.send(Err(error))),
            }
        })?;
        answer(opened).await?;
        let reader = start_reader(settings, tls).await?;
        Ok(Self { reader, writer: Some(writer) })
    }

    /// Opens a database to read, whether or not servers write it. Every append fails. A role that may only read the
    /// tables is enough.
    ///
    /// # Errors
    /// When there is no data, a later version made the tables, or they cannot be read.
    pub async fn open_read_only(settings: &Settings) -> Result<Self, StoreError> {
        let (settings, tls) = prepare(settings)?;
        Ok(Self { reader: start_reader(settings, tls).await?, writer: None })
    }

    /// Puts a call in the queue, or says why not.
    fn enqueue(&self, appends: Vec<Append>) -> Result<oneshot::Receiver<Result<(), AppendError>>, AppendError> {
        let appends = appends.into_iter().map(Rows::new).collect::<Result<_, _>>()?;
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

    fn query<T, F>(&self, work: impl FnOnce(Arc<Readers>) -> F + Send + 'static) -> Pending<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let (reply, waiting) = oneshot::channel();
        let query: Query = Box::new(move |readers| {
            Box::pin(async move {
                // The caller may have gone.
                let _ = reply.send(work(readers).await);
            })
        });
        if let Some(queue) = &self.reader.queue {
            // A query that cannot be sent is dropped, and with it the place for the answer.
            let _ = queue.send(query);
        }
        Box::pin(answer(waiting))
    }
}

/// Verifies a database.
///
/// # Errors
/// When there is nothing to verify: the server cannot be reached, there is no data, or it has a format of a later version.
/// Damage is in the report instead.
pub async fn doctor(settings: &Settings) -> Result<Report, StoreError> {
    let (settings, tls) = prepare(settings)?;
    let (_worker, report) = Worker::start("doctor", (), move |reply| async move {
        let _ = reply.send(doctor::doctor(&settings, &tls).await);
    })?;
    answer(report).await
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

    fn checkpoints(&self, stream: &StreamId) -> Pending<Vec<Checkpoint>> {
        let stream = stream.to_string();
        self.query(|readers| async move { readers.checkpoints(&stream).await })
    }

    fn checkpoint_part(&self, stream: &StreamId, revision: u64, part: u32) -> Pending<Option<Vec<u8>>> {
        let stream = stream.to_string();
        self.query(move |readers| async move { readers.checkpoint_part(&stream, revision, part).await })
    }

    fn snapshot(&self, stream: &StreamId) -> Pending<Option<Snapshot>> {
        let stream = stream.to_string();
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
    let tls = Tls::new(&settings.trust).map_err(StoreError::Storage)?;
    Ok((Arc::new(settings.clone()), tls))
}

async fn answer<T>(waiting: oneshot::Receiver<Result<T, StoreError>>) -> Result<T, StoreError> {
    waiting.await.unwrap_or_else(|_| Err(StoreError::Storage("the store has stopped".to_owned())))
}

async fn start_reader(settings: Arc<Settings>, tls: Tls) -> Result<Worker<mpsc::UnboundedSender<Query>>, StoreError> {
    let (queue, mut queries) = mpsc::unbounded_channel::<Query>();
    let (reader, opened) = Worker::start("store-read", queue, |opened| async move {
        let checked = async {
            let client = connect(&settings, &tls, Access::Read).await.map_err(StoreError::Storage)?;
            schema::check(&client, &settings).await
        };
        let checked = checked.await;
        let is_open = checked.is_ok();
        let _ = opened.send(checked);
        if !is_open {
            return;
        }
        let readers = Arc::new(Readers::new(settings, tls));
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
