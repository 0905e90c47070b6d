//! A store whose every delay and fault is decided by a seed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lanyard_model::StreamId;
use tokio::sync::oneshot;

use super::MemoryStore;
use crate::{
    Append, AppendError, AppendFuture, Checkpoint, Head, Loaded, Logged, Pending, Position, Secret, Snapshot, Store,
    StoreError,
};

/// How often something goes wrong, each in a thousand calls.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// An append fails and nothing of it took effect.
    pub fails: u32,
    /// An append is not taken, because too many wait.
    pub busy: u32,
    /// An append takes effect and its result is lost.
    pub lost_result: u32,
    /// An append does not take effect and its result is lost.
    pub lost_append: u32,
    /// An append's result is lost, and it takes effect later, if it still can.
    pub late: u32,
    /// A read fails.
    pub read_fails: u32,
}

type Reply = oneshot::Sender<Result<(), AppendError>>;

/// A store that does nothing until [`Self::step`] is called.
#[derive(Debug)]
pub struct ScheduledStore {
    memory: Arc<MemoryStore>,
    schedule: Mutex<Schedule>,
}

#[derive(Debug)]
struct Schedule {
    random: u64,
    faults: Faults,
    /// Appends that wait, in the order of the calls.
    waiting: VecDeque<(Vec<Append>, Reply)>,
    /// Results that were not delivered.
    results: Vec<(Result<(), AppendError>, Reply)>,
    /// Appends whose results were lost and that may still take effect.
    late: Vec<Vec<Append>>,
}

impl ScheduledStore {
    /// A store on top of `memory`, whose schedule is that of `seed`.
    #[must_use]
    pub fn new(memory: Arc<MemoryStore>, seed: u64, faults: Faults) -> Self {
        let schedule =
            Schedule { random: seed, faults, waiting: VecDeque::new(), results: Vec::new(), late: Vec::new() };
        Self { memory, schedule: Mutex::new(schedule) }
    }

    /// Carries out one append, or delivers one result. Returns whether there was anything to do.
    pub fn step(&self) -> bool {
        let mut schedule = self.lock();
        let choices = [!schedule.waiting.is_empty(), !schedule.results.is_empty(), !schedule.late.is_empty()];
        let possible: Vec<usize> = (0..3).filter(|at| choices.get(*at) == Some(&true)).collect();
        let Some(choice) = schedule.pick(possible.len()).and_then(|at| possible.get(at).copied()) else { return false };
        match choice {
            0 => self.carry_out(&mut schedule),
            1 => {
                let count = schedule.results.len();
                let at = schedule.pick(count).unwrap_or_default();
                let (result, reply) = schedule.results.swap_remove(at);
                // The caller may have gone.
                let _ = reply.send(result);
            }
            _ => {
                let count = schedule.late.len();
                let at = schedule.pick(count).unwrap_or_default();
                let appends = schedule.late.swap_remove(at);
                // It takes effect if nothing else came in between.
                let _ = self.memory.apply(&appends);
            }
        }
        true
    }

    fn carry_out(&self, schedule: &mut Schedule) {
        let Some((appends, reply)) = schedule.waiting.pop_front() else { return };
        let faults = schedule.faults;
        let lost = || AppendError::Unknown("the result was lost".to_owned());
        let mut below = 0;
        let roll = schedule.next() % 1_000;
        let mut is = |share: u32| {
            below += u64::from(share);
            roll < below
        };
        let result = if is(faults.fails) {
            Err(AppendError::Storage("the append failed".to_owned()))
        } else if is(faults.busy) {
            Err(AppendError::Busy)
        } else if is(faults.lost_result) {
            self.memory.apply(&appends).and(Err(lost()))
        } else if is(faults.lost_append) {
            Err(lost())
        } else if is(faults.late) {
            schedule.late.push(appends);
            Err(lost())
        } else {
            self.memory.apply(&appends)
        };
        schedule.results.push((result, reply));
    }

    fn lock(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Schedule {
    /// The next number of the seed's sequence (SplitMix64).
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `count` things; `None` when there is none.
    fn pick(&mut self, count: usize) -> Option<usize> {
        let count = u64::try_from(count).ok().filter(|count| *count > 0)?;
        usize::try_from(self.next() % count).ok()
    }
}

impl Store for ScheduledStore {
    fn append(&self, appends: Vec<Append>) -> AppendFuture {
        let (reply, result) = oneshot::channel();
        self.lock().waiting.push_back((appends, reply));
        Box::pin(
            async move { result.await.unwrap_or_else(|_| Err(AppendError::Unknown("the store is gone".to_owned()))) },
        )
    }

    fn load(&self, stream: &StreamId) -> Pending<Option<Loaded>> {
        self.memory.load(stream)
    }

    fn registries(&self) -> Pending<Vec<StreamId>> {
        self.memory.registries()
    }

    fn read(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<Logged>> {
        let mut schedule = self.lock();
        if schedule.next() % 1_000 < u64::from(schedule.faults.read_fails) {
            return Box::pin(std::future::ready(Err(StoreError::Storage("the read failed".to_owned()))));
        }
        self.memory.read(stream, after, limit)
    }

    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>> {
        self.memory.secret(stream, name)
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn heads(&self, streams: Vec<StreamId>) -> Pending<Vec<Option<Head>>> {
        self.memory.heads(streams)
    }

    fn streams(&self) -> Pending<Vec<(StreamId, Head)>> {
        Store::streams(&*self.memory)
    }

    fn checkpoints(&self, stream: &StreamId) -> Pending<Vec<Checkpoint>> {
        self.memory.checkpoints(stream)
    }

    fn checkpoint_part(&self, stream: &StreamId, revision: u64, part: u32) -> Pending<Option<Vec<u8>>> {
        self.memory.checkpoint_part(stream, revision, part)
    }

    fn snapshot(&self, stream: &StreamId) -> Pending<Option<Snapshot>> {
        self.memory.snapshot(stream)
    }

    fn put_checkpoint(&self, stream: &StreamId, snapshot: Snapshot) -> Pending<()> {
        self.memory.put_checkpoint(stream, snapshot)
    }

    fn log_size(&self, stream: &StreamId, after: u64) -> Pending<u64> {
        self.memory.log_size(stream, after)
    }

    fn cut(&self, stream: &StreamId, position: Position, after: u64) -> Pending<()> {
        self.memory.cut(stream, position, after)
    }

    fn compact(&self, may_block: bool) -> Pending<()> {
        self.memory.compact(may_block)
    }
}
