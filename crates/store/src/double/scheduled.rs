//! A store whose every delay and fault is decided by a seed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lanyard_model::{Id, Key, StreamId};
use tokio::sync::{oneshot, watch};

use super::MemoryStore;
use crate::{
    Append, AppendError, AppendFuture, Cell, CellChange, CellsOf, Checkpoint, CopyPoint, Head, Loaded, Logged, Outage,
    Pending, PersonKeys, Position, Sealing, Secret, Snapshot, Store, StoreError, UniqueName,
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
    /// A read fails, or the confirmation of what was read.
    pub read_fails: u32,
}

/// The last entries of streams, on their way to those who asked.
type Heads = Result<Vec<Option<Head>>, StoreError>;

type Reply = oneshot::Sender<Result<(), AppendError>>;

/// A store that does nothing until [`Self::step`] is called.
#[derive(Debug)]
pub struct ScheduledStore {
    memory: Arc<MemoryStore>,
    is_shared: bool,
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
    /// Questions for heads that are not answered yet.
    questions: Vec<(Vec<StreamId>, oneshot::Sender<Heads>)>,
    /// Answers to them that were not delivered.
    answers: Vec<(Heads, oneshot::Sender<Heads>)>,
}

impl ScheduledStore {
    /// A store on top of `memory`, whose schedule is that of `seed`. `is_shared` is whether it says that others write too.
    #[must_use]
    pub fn new(memory: Arc<MemoryStore>, is_shared: bool, seed: u64, faults: Faults) -> Self {
        let schedule = Schedule {
            random: seed,
            faults,
            waiting: VecDeque::new(),
            results: Vec::new(),
            late: Vec::new(),
            questions: Vec::new(),
            answers: Vec::new(),
        };
        Self { memory, is_shared, schedule: Mutex::new(schedule) }
    }

    /// Carries out one append or answers one question, or delivers one result. Returns whether there was anything to do.
    pub fn step(&self) -> bool {
        let mut schedule = self.lock();
        let choices = [
            !schedule.waiting.is_empty(),
            !schedule.results.is_empty(),
            !schedule.late.is_empty(),
            !schedule.questions.is_empty(),
            !schedule.answers.is_empty(),
        ];
        let possible: Vec<usize> = (0..choices.len()).filter(|at| choices.get(*at) == Some(&true)).collect();
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
            3 => {
                let count = schedule.questions.len();
                let at = schedule.pick(count).unwrap_or_default();
                let (streams, reply) = schedule.questions.swap_remove(at);
                let fails = schedule.next() % 1_000 < u64::from(schedule.faults.read_fails);
                let heads = match fails {
                    true => Err(StoreError::Storage("the read failed".to_owned())),
                    false => Ok(self.memory.heads_of(&streams)),
                };
                schedule.answers.push((heads, reply));
            }
            4 => {
                let count = schedule.answers.len();
                let at = schedule.pick(count).unwrap_or_default();
                let (heads, reply) = schedule.answers.swap_remove(at);
                let _ = reply.send(heads);
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

    fn records(&self, stream: &StreamId, after: u64, limit: usize) -> Pending<Vec<(u64, String)>> {
        self.memory.records(stream, after, limit)
    }

    fn confirm(&self, stream: &StreamId) -> Pending<()> {
        let mut schedule = self.lock();
        if schedule.next() % 1_000 < u64::from(schedule.faults.read_fails) {
            return Box::pin(std::future::ready(Err(StoreError::Storage("the standby is away".to_owned()))));
        }
        self.memory.confirm(stream)
    }

    fn secret(&self, stream: &StreamId, name: &str) -> Pending<Option<Secret>> {
        self.memory.secret(stream, name)
    }

    fn is_shared(&self) -> bool {
        self.is_shared
    }

    fn heads(&self, streams: Vec<StreamId>) -> Pending<Vec<Option<Head>>> {
        let (reply, heads) = oneshot::channel();
        self.lock().questions.push((streams, reply));
        let gone = |_| Err(StoreError::Storage("the store is gone".to_owned()));
        Box::pin(async move { heads.await.unwrap_or_else(gone) })
    }

    fn streams(&self) -> Pending<Vec<(StreamId, Head)>> {
        self.memory.streams()
    }

    fn instances(&self, limit: usize) -> Pending<Vec<Id>> {
        self.memory.instances(limit)
    }

    fn holder(&self, name: UniqueName) -> Pending<Option<(StreamId, Key)>> {
        self.memory.holder(name)
    }

    fn notifications(&self) -> watch::Receiver<()> {
        self.memory.notifications()
    }

    fn cell(&self, kind: &'static str, key: Vec<u8>) -> Pending<Option<Cell>> {
        self.memory.cell(kind, key)
    }

    fn cells_of(&self, of: CellsOf) -> Pending<Vec<(Vec<u8>, Cell)>> {
        self.memory.cells_of(of)
    }

    fn change_cells(&self, change: CellChange) -> Pending<u64, AppendError> {
        self.memory.change_cells(change)
    }

    fn copy_point(&self) -> Pending<CopyPoint> {
        self.memory.copy_point()
    }

    fn sealing(&self) -> &Sealing {
        self.memory.sealing()
    }

    fn person_keys(&self, stream: &StreamId) -> Pending<PersonKeys> {
        self.memory.person_keys(stream)
    }

    fn reseal(&self) -> Pending<u64> {
        self.memory.reseal()
    }

    fn condition(&self) -> Pending<(), Outage> {
        self.memory.condition()
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
