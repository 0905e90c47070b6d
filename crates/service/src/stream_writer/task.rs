//! The task of a stream: it runs the jobs that wait, passes their entries to the store, and answers in order.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lanyard_model::{Directory, Draft, StreamId};
use lanyard_store::{Append, AppendError, AppendFuture, Logged, Position, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};

use super::job::Job;
use super::turns::{Turns, until};
use super::{Hold, Message, Shared, StreamState, Tip, WriteBatch, WriteError};
use crate::busy;
use crate::error::{Error, Result, panic_text};

/// How many jobs run in one go, so that the first is not kept from the store by many that came later.
const BATCH: usize = 128;

/// How many jobs have run and are not answered yet, at most.
const IN_FLIGHT: usize = 512;

/// How often a job runs because another node wrote first.
const ATTEMPTS: u32 = 256;

/// How many entries of the log are read at a time when catching up. Where there are more, and more than the state has
/// resources, the state is loaded instead: a resource takes no longer to load than an entry to read and apply.
const CATCH_UP: usize = 1_000;

/// A job that waits, and how often it lost against another node.
struct Queued<S> {
    job: Box<dyn Job<S>>,
    lost: u32,
}

/// The result of running a job.
enum Step<S> {
    /// Its entry was passed to the store.
    Appended { next: Tip<S>, effects: Vec<Box<dyn FnOnce() + Send>>, result: AppendFuture },
    /// Its operation refused, by a state of which not all is known to be on disk yet.
    Refused(Error),
}

/// The result of an append.
type Appended = std::result::Result<(), AppendError>;

/// A job that failed, and the result of its append; `None` once it is found in the log.
type Failed<S> = Option<(InFlight<S>, Appended)>;

/// A job that has run and is not answered yet.
struct InFlight<S> {
    queued: Queued<S>,
    step: Step<S>,
}

/// Jobs that have run, and the head after them.
struct Ran<S> {
    head: Tip<S>,
    jobs: Vec<InFlight<S>>,
}

pub(super) struct Task<S> {
    shared: Arc<Shared<S>>,
    messages: mpsc::UnboundedReceiver<Message<S>>,
    /// Whether a writer is left that can send messages.
    is_open: bool,
    /// The state that is on disk and published.
    durable: Tip<S>,
    /// The state that the next job runs on.
    head: Tip<S>,
    waiting: VecDeque<Queued<S>>,
    running: Option<JoinHandle<Ran<S>>>,
    in_flight: VecDeque<InFlight<S>>,
    /// Whether an entry of unknown outcome may still be accepted, after which the head is not the store's. The next
    /// entry that is accepted takes its place.
    is_in_doubt: bool,
    /// The requests to hold the stream. No job is taken from the queue until they are done.
    hold: Option<oneshot::Sender<Hold<S>>>,
    /// The revisions that callers wait for, and where the answers go.
    refreshes: Vec<(u64, oneshot::Sender<Result<()>>)>,
    /// Whether the store was seen without an entry that was acknowledged.
    is_lost: bool,
    /// Whether jobs run on the task itself: a runtime of one thread has no other to give them to.
    is_inline: bool,
    /// Whether the keys of the stream's people were asked for; a registry has no people.
    knows_people: bool,
    turns: Turns,
}

impl<S: StreamState> Task<S> {
    pub(super) fn new(shared: Arc<Shared<S>>, tip: Tip<S>, messages: mpsc::UnboundedReceiver<Message<S>>) -> Self {
        let knows_people = matches!(shared.stream, StreamId::Registry { .. });
        Self {
            shared,
            messages,
            is_open: true,
            durable: tip.clone(),
            head: tip,
            waiting: VecDeque::new(),
            running: None,
            in_flight: VecDeque::new(),
            is_in_doubt: false,
            hold: None,
            refreshes: Vec::new(),
            is_lost: false,
            is_inline: busy::is_inline(),
            knows_people,
            turns: Turns::default(),
        }
    }

    /// Writes what comes until no writer is left and everything is answered.
    pub(super) async fn run(mut self) {
        loop {
            self.start();
            self.answer_refreshes();
            if self.waiting.is_empty() && self.running.is_none() && self.in_flight.is_empty() {
                if let Some(wanted) = self.hold.take() {
                    self.stand_still(wanted).await;
                    continue;
                }
                if !self.refreshes.is_empty() || self.is_lost {
                    self.refresh().await;
                    continue;
                }
                if !self.is_open {
                    self.shared.store.sealing().forget_stream(&self.shared.stream);
                    return;
                }
            }
            tokio::select! {
                biased;
                result = first(&mut self.in_flight), if !self.in_flight.is_empty() => self.settle(result).await,
                ran = finished(&mut self.running), if self.running.is_some() => self.take_ran(ran).await,
                () = until(self.turns.of_others()), if !self.waiting.is_empty() => {}
                message = self.messages.recv(), if self.is_open && self.hold.is_none() => self.take(message),
            }
        }
    }

    /// Takes a message, and those that wait behind it.
    fn take(&mut self, message: Option<Message<S>>) {
        let Some(mut message) = message else {
            self.is_open = false;
            return;
        };
        loop {
            match message {
                Message::Write(job) => self.waiting.push_back(Queued { job, lost: 0 }),
                Message::Hold(wanted) => {
                    self.hold = Some(wanted);
                    return;
                }
                Message::Refresh(revision, answer) => self.refreshes.push((revision, answer)),
                Message::LoadAgain => self.is_lost = true,
            }
            match self.messages.try_recv() {
                Ok(next) => message = next,
                Err(_) => return,
            }
        }
    }

    /// Starts to run the jobs that wait, if none run.
    fn start(&mut self) {
        let most = if self.turns.are_taken() { 1 } else { IN_FLIGHT };
        if self.running.is_some() || self.waiting.is_empty() || self.in_flight.len() >= most {
            return;
        }
        if self.turns.of_others().is_some() {
            return;
        }
        self.turns.begin();
        if !std::mem::replace(&mut self.knows_people, true) {
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move { shared.learn_people().await });
        }
        let jobs: Vec<_> = self.waiting.drain(..self.waiting.len().min(BATCH)).collect();
        let (shared, head) = (Arc::clone(&self.shared), self.head.clone());
        if self.is_inline {
            let ran = run_jobs(&shared, head, jobs);
            self.head = ran.head;
            self.in_flight.extend(ran.jobs);
        } else {
            self.running = Some(tokio::task::spawn_blocking(move || run_jobs(&shared, head, jobs)));
        }
    }

    async fn take_ran(&mut self, ran: std::result::Result<Ran<S>, JoinError>) {
        self.running = None;
        match ran {
            Ok(ran) => {
                self.head = ran.head;
                self.in_flight.extend(ran.jobs);
            }
            // Their callers learn that it is not known what became of them.
            Err(error) => {
                tracing::error!(stream = %self.shared.stream, "jobs were lost while they ran: {error}");
                self.is_in_doubt = true;
                self.recover(Vec::new()).await;
            }
        }
    }

    /// Answers the first job that has run.
    async fn settle(&mut self, result: Appended) {
        let Some(InFlight { queued, step }) = self.in_flight.pop_front() else { return };
        match (step, result) {
            (step @ Step::Refused(_), _) if self.is_in_doubt => {
                self.recover(vec![(InFlight { queued, step }, Ok(()))]).await;
            }
            (Step::Refused(error), _) => queued.job.answer(Err(WriteError::Operation(error))),
            (Step::Appended { next, effects, .. }, Ok(())) => {
                self.is_in_doubt = false;
                self.complete(queued, next, effects);
                if self.in_flight.is_empty() && self.running.is_none() {
                    self.turns.end();
                }
            }
            (step, Err(error)) => self.recover(vec![(InFlight { queued, step }, Err(error))]).await,
        }
    }

    fn publish(&self) {
        self.shared.published.store(Arc::new(self.durable.clone()));
    }

    /// The job's entry is on disk.
    fn complete(&mut self, queued: Queued<S>, next: Tip<S>, effects: Vec<Box<dyn FnOnce() + Send>>) {
        let revision = next.position.revision;
        self.durable = next;
        for effect in effects {
            effect();
        }
        self.publish();
        queued.job.answer(Ok(revision));
    }

    /// After a failure: waits for what was built on the job that failed, reads what the store has, and runs again what
    /// can be. The first of `failed` is the job whose append failed; none of the others can have been appended unless
    /// it was.
    async fn recover(&mut self, mut failed: Vec<(InFlight<S>, Appended)>) {
        self.turns.lost();
        if let Some(Ok(ran)) = match self.running.take() {
            Some(running) => Some(running.await),
            None => None,
        } {
            self.in_flight.extend(ran.jobs);
        }
        while let Some(mut it) = self.in_flight.pop_front() {
            let result = match &mut it.step {
                Step::Appended { result, .. } => result.await,
                Step::Refused(_) => Ok(()),
            };
            failed.push((it, result));
        }
        let mut failed: Vec<_> = failed.into_iter().map(Some).collect();
        let caught_up = self.catch_up(&mut failed).await;
        self.is_in_doubt |= failed.iter().flatten().any(|(_, result)| matches!(result, Err(AppendError::Unknown(_))));
        self.head = self.durable.clone();
        let mut again = Vec::new();
        for (at, (it, result)) in failed.into_iter().enumerate().filter_map(|(at, it)| Some((at, it?))) {
            match &caught_up {
                Ok(is_behind) => match self.verdict(at == 0, *is_behind, it, result) {
                    Verdict::Again(queued) => again.push(queued),
                    Verdict::Answer(queued, error) => queued.job.answer(Err(error)),
                },
                Err(error) => {
                    let detail = error.detail().unwrap_or(error.message()).to_owned();
                    it.queued.job.answer(Err(WriteError::Operation(Error::internal(detail))));
                }
            }
        }
        again.into_iter().rev().for_each(|queued| self.waiting.push_front(queued));
    }

    /// Decides on a job whose entry is not in the log. `was_behind`: whether the log had entries that this node had not
    /// read.
    fn verdict(&self, is_first: bool, was_behind: bool, it: InFlight<S>, result: Appended) -> Verdict<S> {
        let InFlight { mut queued, step } = it;
        if let Step::Refused(error) = step {
            // A refusal stands where everything before it is on disk and the store has nothing newer.
            return match is_first && !was_behind {
                true => Verdict::Answer(queued, WriteError::Operation(error)),
                false => Verdict::Again(queued),
            };
        }
        let error = match result {
            Err(error) => error,
            Ok(()) => {
                AppendError::Storage(format!("an entry of {} was acknowledged and is not there", self.shared.stream))
            }
        };
        let can_succeed = match &error {
            AppendError::Conflict { .. } | AppendError::NameTaken { .. } if !is_first => return Verdict::Again(queued),
            AppendError::Conflict { stream, .. } => was_behind || *stream == self.shared.stream,
            AppendError::NameTaken { .. } => was_behind,
            AppendError::Refused(_)
            | AppendError::Busy
            | AppendError::Storage(_)
            | AppendError::Unknown(_)
            | AppendError::Unavailable(_) => false,
        };
        queued.lost += 1;
        match can_succeed && queued.lost < ATTEMPTS {
            true => Verdict::Again(queued),
            false => Verdict::Answer(queued, WriteError::Append(error)),
        }
    }

    /// Reads the entries that this node has not read from the store, and publishes them. A job of `failed` whose entry
    /// is among them has succeeded, and is taken out. Returns whether there was anything.
    async fn catch_up(&mut self, failed: &mut [Failed<S>]) -> Result<bool> {
        let mut was_behind = false;
        // An entry whose outcome is not known is found only by its hash.
        let may_load = !failed.iter().flatten().any(|(_, result)| matches!(result, Err(AppendError::Unknown(_))));
        let is_lost = failed.iter().flatten().any(|(_, result)| self.lost_entries(result));
        if std::mem::take(&mut self.is_lost) || is_lost {
            was_behind |= self.load_after_loss().await?;
        }
        loop {
            let after = self.durable.position;
            let entries = match self.shared.store.read(&self.shared.stream, after.revision, CATCH_UP).await {
                // The entries that this node has not read were archived meanwhile.
                Err(StoreError::Archived { .. }) if self.load().await? => {
                    was_behind = true;
                    continue;
                }
                entries => entries.map_err(|error| Error::internal(error.to_string()))?,
            };
            if entries.is_empty() {
                return Ok(was_behind);
            }
            was_behind = true;
            if entries.first().is_some_and(|first| !first.follows(&self.durable.position.hash)) {
                if self.load_after_loss().await? {
                    continue;
                }
            } else if may_load
                && entries.len() == CATCH_UP
                && is_far_behind(self.shared.head().await?, &self.durable)
                && self.load().await?
            {
                continue;
            }
            confirm(&self.shared, &entries, failed).await;
            for logged in entries {
                let own =
                    failed.iter_mut().find_map(|it| it.take_if(|(it, result)| result.is_ok() && it.is_entry(&logged)));
                match own {
                    Some((InFlight { queued, step: Step::Appended { next, effects, .. } }, _)) => {
                        self.complete(queued, next, effects);
                    }
                    _ => {
                        self.durable = after_entry(&self.durable, &logged)?;
                        self.turns.another_wrote();
                        self.publish();
                    }
                }
            }
        }
    }

    /// Whether the result of an append says that the store has fewer entries than were published.
    fn lost_entries(&self, result: &Appended) -> bool {
        matches!(result, Err(AppendError::Conflict { stream, head })
            if *stream == self.shared.stream && *head < self.durable.position.revision)
    }

    /// Publishes the state as the store has it. Returns whether there is one: a stream that has ended has none.
    async fn load(&mut self) -> Result<bool> {
        let loaded = self.shared.store.load(&self.shared.stream).await;
        let Some(loaded) = loaded.map_err(|error| Error::internal(error.to_string()))? else { return Ok(false) };
        let position = loaded.position();
        self.durable = Tip { state: Arc::new(self.durable.state.load(loaded.directory)), position };
        self.publish();
        Ok(true)
    }

    /// The same, where the store no longer has what was acknowledged.
    async fn load_after_loss(&mut self) -> Result<bool> {
        let before = self.durable.position.revision;
        let is_loaded = self.load().await?;
        tracing::error!(
            stream = %self.shared.stream,
            "the database no longer has the entry that was acknowledged as revision {before}; its own state, of \
             revision {}, is served",
            self.durable.position.revision
        );
        Ok(is_loaded)
    }

    /// Answers those whose revision is published.
    fn answer_refreshes(&mut self) {
        let reached = self.durable.position.revision;
        for (_, answer) in self.refreshes.extract_if(.., |(revision, _)| *revision <= reached) {
            // The caller may have gone.
            let _ = answer.send(Ok(()));
        }
    }

    /// Reads what other nodes have written, while no job is under way, and answers those who wait for it.
    async fn refresh(&mut self) {
        let caught_up = self.catch_up(&mut []).await;
        self.head = self.durable.clone();
        self.answer_refreshes();
        for (revision, answer) in self.refreshes.drain(..) {
            let why = match &caught_up {
                Ok(_) => format!(
                    "{} is at revision {}, and not at {revision}, which the store had",
                    self.shared.stream, self.durable.position.revision
                ),
                Err(error) => error.detail().unwrap_or(error.message()).to_owned(),
            };
            let _ = answer.send(Err(Error::internal(why)));
        }
    }

    /// Holds the stream until the holder has ended it, or released it.
    async fn stand_still(&mut self, wanted: oneshot::Sender<Hold<S>>) {
        if self.is_in_doubt {
            self.catch_up_idle().await;
        }
        let (release, released) = oneshot::channel();
        let hold = Hold { shared: Arc::clone(&self.shared), tip: self.durable.clone(), release };
        if wanted.send(hold).is_err() {
            return;
        }
        match released.await {
            Ok(tip) => self.durable = tip,
            // The attempt may have succeeded despite the error, or may still succeed.
            Err(_) => {
                self.is_in_doubt = true;
                self.catch_up_idle().await;
            }
        }
        self.head = self.durable.clone();
    }

    /// Reads the entries that this node has not read, while no job is under way.
    async fn catch_up_idle(&mut self) {
        if let Err(error) = self.catch_up(&mut []).await {
            tracing::error!(stream = %self.shared.stream, "{}", error.detail().unwrap_or(error.message()));
        }
        self.head = self.durable.clone();
    }
}

impl<S> Shared<S> {
    /// Learns the keys of the stream's people, once it is written. Those of whom something is written before get one more.
    async fn learn_people(&self) {
        match self.store.person_keys(&self.stream).await {
            Ok(people) => self.store.sealing().remember(&self.stream, &people),
            Err(error) => tracing::warn!(stream = %self.stream, "the keys of people were not read: {error}"),
        }
    }

    /// The revision of the last entry that the store has.
    async fn head(&self) -> Result<u64> {
        let heads = self.store.heads(vec![self.stream.clone()]).await;
        let heads = heads.map_err(|error| Error::internal(error.to_string()))?;
        Ok(heads.into_iter().flatten().next().map_or(0, |head| head.position.revision))
    }
}

/// Decides on a job that failed.
enum Verdict<S> {
    /// It runs again.
    Again(Queued<S>),
    /// It is answered with an error.
    Answer(Queued<S>, WriteError),
}

impl<S> InFlight<S> {
    /// Whether an entry of the log is this job's.
    fn is_entry(&self, logged: &Logged) -> bool {
        matches!(&self.step, Step::Appended { next, .. } if next.position.hash == logged.hash)
    }
}

/// Whether the state is loaded, where the store has so many entries and `tip` was read last.
fn is_far_behind<S: StreamState>(head: u64, tip: &Tip<S>) -> bool {
    let resources = tip.state.directory().len().max(CATCH_UP);
    head.saturating_sub(tip.position.revision) > u64::try_from(resources).unwrap_or(u64::MAX)
}

/// Decides on the jobs whose appends failed and whose entries were read: they have succeeded as soon as the entries are as
/// safe as acknowledged ones, and are in doubt otherwise.
async fn confirm<S>(shared: &Arc<Shared<S>>, entries: &[Logged], failed: &mut [Failed<S>]) {
    let is_own = |it: &InFlight<S>| entries.iter().any(|logged| it.is_entry(logged));
    if !failed.iter().flatten().any(|(it, result)| result.is_err() && is_own(it)) {
        return;
    }
    let confirmed = shared.store.confirm(&shared.stream).await;
    let confirmed = confirmed.map_err(|error| AppendError::Unknown(error.to_string()));
    for (it, result) in failed.iter_mut().flatten() {
        if result.is_err() && is_own(it) {
            result.clone_from(&confirmed);
        }
    }
}

/// The result of the first job that has run.
async fn first<S>(in_flight: &mut VecDeque<InFlight<S>>) -> Appended {
    match in_flight.front_mut() {
        Some(InFlight { step: Step::Appended { result, .. }, .. }) => result.await,
        _ => Ok(()),
    }
}

/// The jobs that run, when they have.
async fn finished<S>(running: &mut Option<JoinHandle<Ran<S>>>) -> std::result::Result<Ran<S>, JoinError> {
    match running {
        Some(running) => running.await,
        None => std::future::pending().await,
    }
}

/// Runs jobs one after another, each on the state that the one before led to.
fn run_jobs<S: StreamState>(shared: &Shared<S>, mut head: Tip<S>, jobs: Vec<Queued<S>>) -> Ran<S> {
    let mut ran = Vec::with_capacity(jobs.len());
    for mut queued in jobs {
        let built = catch_unwind(AssertUnwindSafe(|| build(shared, &head, queued.job.as_mut())));
        let step = match built {
            Ok(Ok((next, appends, effects))) => {
                head = next.clone();
                Step::Appended { next, effects, result: shared.store.append(appends) }
            }
            Ok(Err(error)) => Step::Refused(error),
            Err(panic) => Step::Refused(panicked(queued.job.as_ref(), panic.as_ref())),
        };
        ran.push(InFlight { queued, step });
    }
    Ran { head, jobs: ran }
}

type Built<S> = (Tip<S>, Vec<Append>, Vec<Box<dyn FnOnce() + Send>>);

fn build<S: StreamState>(shared: &Shared<S>, head: &Tip<S>, job: &mut dyn Job<S>) -> Result<Built<S>> {
    let before = head.state.directory();
    let time = shared.environment.now().max(before.time());
    let mut draft = Draft::new(Directory::clone(before));
    let mut batch = WriteBatch::default();
    job.run(&head.state, &mut draft, time, &mut batch)?;
    let (changes, next) = draft.finish(time);
    let entry = job.provenance().entry(time, changes);
    let append = Append::new(shared.store.sealing(), &shared.stream, &head.position, entry)?;
    let append = append.with_secrets(batch.secrets).with_guards(batch.guards).with_ended_cells(batch.ended_cells);
    let tip = Tip { state: Arc::new(head.state.apply(next, append.changes())), position: append.position() };
    Ok((tip, std::iter::once(append).chain(batch.appends).collect(), batch.effects))
}

/// An operation that panicked did nothing.
fn panicked<S>(job: &dyn Job<S>, panic: &(dyn Any + Send)) -> Error {
    let text = panic_text(panic);
    let who = job.provenance();
    tracing::error!(operation = who.operation, request_id = who.request_id, "the operation panicked: {text}");
    Error::internal(format!("{} panicked: {text}", who.operation))
}

/// The state after an entry that another node wrote, or this one in an earlier try.
fn after_entry<S: StreamState>(tip: &Tip<S>, logged: &Logged) -> Result<Tip<S>> {
    let misfit = |what: &str| {
        Error::internal(format!("{}, revision {}: {what}", tip.state.directory().stream(), logged.revision))
    };
    if !logged.follows(&tip.position.hash) {
        return Err(misfit("the entry does not follow the one that this server has read before it"));
    }
    let mut directory = Directory::clone(tip.state.directory());
    let changes = &logged.entry.changes;
    directory.advance(logged.entry.time, changes).map_err(|invalid| misfit(&invalid.to_string()))?;
    let position = Position { revision: logged.revision, hash: logged.hash };
    Ok(Tip { state: Arc::new(tip.state.apply(directory, changes)), position })
}
