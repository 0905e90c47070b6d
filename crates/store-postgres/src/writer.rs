//! The one task that writes.
//!
//! It takes all calls that wait, writes them in one transaction, commits once, and then answers all: the disk is waited
//! for once a group, not once a call. A large call goes on a connection of its own; calls that touch
//! its streams wait until it is done. Invariants:
//!
//! - A call is answered with `Ok` after the commit that holds it.
//! - Calls that touch the same stream are written in the order in which they were made.
//! - When a connection falls with a commit under way, the group's entries are looked for by their hashes, under the lock
//!   of their streams, before anything is answered or written again.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lanyard_store::rows::Rows;
use lanyard_store::{AppendError, Cause, Outage};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use crate::QUEUE;
use crate::condition::Condition;
use crate::notify;
use crate::prepared::Prepared;
use crate::settings::Settings;
use crate::tls::Tls;
use crate::transaction::{self, Broken, Mode};

/// The most calls in one transaction, so that the first is not kept waiting by many that came later.
const GROUP: usize = 512;

/// The most bytes of entries in one transaction, beyond the first call's.
const GROUP_BYTES: usize = 8 << 20;

/// From how many changes on a call is large.
const BULK_CHANGES: usize = 1_000;

/// From how many bytes of entries on a call is large.
const BULK_BYTES: usize = 2 << 20;

/// From how many calls in a group on the next group waits for as many: callers that were answered together ask again
/// within moments of each other, and a group of the first few would keep the others waiting for a whole commit.
const CROWD: usize = 8;

/// How long it waits at most, which is as short as the runtime's timer goes.
const GATHER: Duration = Duration::from_millis(1);

/// How long a server that cannot be reached is waited for before calls fail.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long one transaction of a group may take before its connection is given up. A load may take longer.
const DEADLINE: Duration = Duration::from_secs(30);

/// How often a transaction is tried that others are in the way of.
const ATTEMPTS: u32 = 16;

type Answer = Result<(), AppendError>;

/// One call of `append` and where its answer goes.
pub(crate) struct Call {
    appends: Vec<Rows>,
    bytes: usize,
    reply: oneshot::Sender<Answer>,
}

impl Call {
    pub(crate) fn new(appends: Vec<Rows>, reply: oneshot::Sender<Answer>) -> Self {
        let bytes = appends.iter().map(|rows| rows.record.len()).sum();
        Self { appends, bytes, reply }
    }

    fn is_large(&self) -> bool {
        self.bytes > BULK_BYTES || self.appends.iter().map(|it| it.resources.len()).sum::<usize>() > BULK_CHANGES
    }

    fn streams(&self) -> impl Iterator<Item = &str> {
        self.appends.iter().map(|rows| rows.stream.as_str())
    }

    fn touches(&self, streams: &HashSet<String>) -> bool {
        !streams.is_empty() && self.streams().any(|stream| streams.contains(stream))
    }
}

/// The task.
pub(crate) struct Writer {
    session: Session,
    /// Calls that were taken and are not under way, in their order.
    waiting: VecDeque<Call>,
    /// Large calls under way. Each ends with the streams that it touched.
    loads: JoinSet<Vec<String>>,
    /// The streams of large calls under way.
    busy: HashSet<String>,
    /// How many calls the last group had.
    last: usize,
    /// Changes when something was written.
    written: watch::Sender<()>,
}

impl Writer {
    pub(crate) fn new(settings: Arc<Settings>, tls: Tls, client: Prepared, condition: Arc<Condition>) -> Self {
        let (written, changes) = watch::channel(());
        tokio::spawn(notify::tell(Arc::clone(&settings), tls.clone(), changes));
        let session = Session { settings, tls, client: Some(client), is_down: false, condition };
        Self { session, waiting: VecDeque::new(), loads: JoinSet::new(), busy: HashSet::new(), last: 0, written }
    }

    /// Writes what comes until the queue is closed and empty.
    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Call>) {
        let mut is_open = true;
        loop {
            // Calls that do not fit stay in the queue, which then refuses more.
            while self.waiting.len() < QUEUE
                && let Ok(call) = queue.try_recv()
            {
                self.waiting.push_back(call);
            }
            if is_open && !self.waiting.is_empty() {
                self.gather(&mut queue).await;
            }
            let group = self.take_group();
            if !group.is_empty() {
                self.last = group.len();
                self.write(group).await;
                continue;
            }
            if !is_open && self.loads.is_empty() {
                return;
            }
            tokio::select! {
                call = queue.recv(), if is_open && self.waiting.len() < QUEUE => match call {
                    Some(call) => self.waiting.push_back(call),
                    None => is_open = false,
                },
                Some(ended) = self.loads.join_next(), if !self.loads.is_empty() => match ended {
                    Ok(streams) => self.busy.retain(|stream| !streams.contains(stream)),
                    // Its callers learn that it is not known what became of them.
                    Err(_) => self.busy.clear(),
                },
            }
        }
    }

    /// Waits a moment for those that were answered with the last group.
    async fn gather(&mut self, queue: &mut mpsc::Receiver<Call>) {
        if self.last < CROWD || self.waiting.len() >= self.last {
            return;
        }
        let wanted = self.last - self.waiting.len();
        let arrive = async {
            for _ in 0..wanted {
                let Some(call) = queue.recv().await else { return };
                self.waiting.push_back(call);
            }
        };
        // Those that have arrived stay, whether or not it was all of them.
        let _ = tokio::time::timeout(GATHER, arrive).await;
    }

    /// The next group of those that wait. Starts large calls on the way.
    fn take_group(&mut self) -> Vec<Call> {
        let mut group: Vec<Call> = Vec::new();
        let mut bytes = 0;
        // The streams of loads under way and of calls that stay behind, which no call overtakes.
        let mut blocked = self.busy.clone();
        let mut behind = VecDeque::new();
        while let Some(call) = self.waiting.pop_front() {
            if group.len() >= GROUP || (bytes + call.bytes > GROUP_BYTES && !group.is_empty()) {
                behind.push_back(call);
                break;
            }
            let is_large = call.is_large();
            let follows_group =
                || call.streams().any(|stream| group.iter().any(|it| it.streams().any(|of| of == stream)));
            if call.touches(&blocked) || (is_large && follows_group()) {
                blocked.extend(call.streams().map(str::to_owned));
                behind.push_back(call);
            } else if is_large {
                blocked.extend(call.streams().map(str::to_owned));
                self.load(call);
            } else {
                bytes += call.bytes;
                group.push(call);
            }
        }
        behind.append(&mut self.waiting);
        self.waiting = behind;
        group
    }

    /// Writes a group and answers it.
    async fn write(&mut self, group: Vec<Call>) {
        let (appends, replies): (Vec<_>, Vec<_>) = group.into_iter().map(|call| (call.appends, call.reply)).unzip();
        let calls: Vec<&[Rows]> = appends.iter().map(Vec::as_slice).collect();
        let results = self.session.run(&calls, false).await;
        if results.iter().any(Result::is_ok) {
            self.written.send_replace(());
        }
        for (reply, result) in replies.into_iter().zip(results) {
            // The caller may have gone; what was written stays written.
            let _ = reply.send(result);
        }
    }

    /// Starts a large call on a connection of its own.
    fn load(&mut self, call: Call) {
        let streams: Vec<String> = call.streams().map(str::to_owned).collect();
        self.busy.extend(streams.iter().cloned());
        let (settings, tls) = (Arc::clone(&self.session.settings), self.session.tls.clone());
        let written = self.written.clone();
        let condition = Arc::clone(&self.session.condition);
        self.loads.spawn(async move {
            let mut session = Session { settings, tls, client: None, is_down: false, condition };
            let result = session.run(&[&call.appends], true).await.pop();
            written.send_replace(());
            let lost = || Err(AppendError::Storage("a load was not carried out".to_owned()));
            let _ = call.reply.send(result.unwrap_or_else(lost));
            streams
        });
    }
}

/// A connection that writes, and is made again when it falls.
struct Session {
    settings: Arc<Settings>,
    tls: Tls,
    client: Option<Prepared>,
    /// Whether the server could not be reached of late: then calls fail at the first attempt.
    is_down: bool,
    condition: Arc<Condition>,
}

impl Session {
    /// Writes calls in one transaction, whatever connections it takes, and says what became of each.
    async fn run(&mut self, calls: &[&[Rows]], bulk: bool) -> Vec<Answer> {
        match self.attempts(calls, bulk).await {
            Ok(results) => results,
            // One of them is what the database refuses: each is tried on its own.
            Err(Failed { is_refused: true, .. }) if calls.len() > 1 => {
                let mut results = Vec::with_capacity(calls.len());
                for call in calls {
                    let result = self.attempts(&[call], bulk).await.map_err(|failed| failed.error);
                    results.push(result.and_then(|mut it| it.pop().unwrap_or(Ok(()))));
                }
                results
            }
            Err(failed) => vec![Err(failed.error); calls.len()],
        }
    }

    async fn attempts(&mut self, calls: &[&[Rows]], bulk: bool) -> Result<Vec<Answer>, Failed> {
        let begun = Instant::now();
        let mut mode = Mode { in_doubt: false, bulk };
        let mut attempt = 0;
        loop {
            let broken = match self.once(calls, mode).await {
                Ok(results) => {
                    self.is_down = false;
                    self.condition.set(None);
                    return Ok(results);
                }
                Err(broken) => broken,
            };
            attempt += 1;
            mode.in_doubt |= matches!(broken, Broken::Unknown(_));
            // Entries in doubt are looked for all the same; of the others nothing has happened.
            let patience = if self.is_down && !mode.in_doubt { Duration::ZERO } else { PATIENCE };
            match broken {
                Broken::Retry(error) => {
                    if attempt >= ATTEMPTS {
                        return Err(Failed::new(mode, &error));
                    }
                    if attempt > 2 {
                        tokio::time::sleep(Duration::from_millis(u64::from(attempt))).await;
                    }
                }
                Broken::Refused(error) if mode.in_doubt => return Err(Failed::new(mode, &error)),
                Broken::Refused(error) => return Err(Failed { is_refused: true, ..Failed::new(mode, &error) }),
                Broken::Misfit => {
                    let error = "a resource that the append creates is stored already".to_owned();
                    return Err(Failed { error: AppendError::Refused(error), is_refused: true });
                }
                Broken::Outage(outage) => return Err(self.outage(mode, outage)),
                Broken::Connection(error) | Broken::Unknown(error) if begun.elapsed() >= patience => {
                    self.client = None;
                    self.is_down = true;
                    return Err(self.outage(mode, Outage { cause: Cause::Unreachable, detail: failed(&error) }));
                }
                Broken::Connection(error) | Broken::Unknown(error) => {
                    tracing::warn!(database = %self.settings.place(), "the connection is made again: {error}");
                    self.client = None;
                    tokio::time::sleep(Duration::from_millis(100).min(begun.elapsed() / 2)).await;
                }
            }
        }
    }

    /// The failure of what was written when an outage began, or while it lasts.
    fn outage(&self, mode: Mode, outage: Outage) -> Failed {
        self.condition.set(Some(outage.clone()));
        let error = match mode.in_doubt {
            true => AppendError::Unknown(outage.to_string()),
            false => AppendError::Unavailable(outage),
        };
        Failed { error, is_refused: false }
    }

    async fn once(&mut self, calls: &[&[Rows]], mode: Mode) -> Result<Vec<Answer>, Broken> {
        let client = match self.client.take_if(|client| client.is_usable()) {
            Some(client) => client,
            None => Prepared::connect(&self.settings, &self.tls).await.map_err(Broken::Connection)?,
        };
        let deadline = if mode.bulk { None } else { Some(DEADLINE) };
        let work = transaction::run(&client, calls, mode);
        let result = match deadline {
            Some(deadline) => tokio::time::timeout(deadline, work).await.unwrap_or_else(|_| {
                Err(Broken::Unknown(format!("the database did not answer for {} seconds", deadline.as_secs())))
            }),
            None => work.await,
        };
        // A commit of a server that was replaced is lost, and what it says of other entries is old.
        if client.is_replaced() {
            return Err(Broken::Unknown("the database's server was replaced as the primary".to_owned()));
        }
        if !matches!(result, Err(Broken::Connection(_) | Broken::Unknown(_))) {
            self.client = Some(client);
        }
        result
    }
}

/// Why no more is tried.
struct Failed {
    error: AppendError,
    /// Whether the database refused what it was given, of which a part may be to blame.
    is_refused: bool,
}

impl Failed {
    fn new(mode: Mode, error: &str) -> Self {
        let text = failed(error);
        let error = if mode.in_doubt { AppendError::Unknown(text) } else { AppendError::Storage(text) };
        Self { error, is_refused: false }
    }
}

fn failed(error: &str) -> String {
    format!("the database failed: {error}")
}
