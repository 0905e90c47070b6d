//! Schedules of writes, faults and power cuts that a seed decides: what was acknowledged is there, what was refused is not.
//!
//! `LANYARD_DISK_SCHEDULES` is the number of schedules, `LANYARD_DISK_SEED` the first seed.

use std::collections::HashSet;
use std::ops::AddAssign;
use std::path::Path;
use std::sync::Arc;

use lanyard_model::StreamId;
use lanyard_store::checkpoint::cut_of;
use lanyard_store::{AppendError, Hash, Store};
use lanyard_store_sqlite::{SqliteStore, doctor};

use lanyard_store::conformance::support::{Tip, append, instance, profile, secret};

use crate::disk::{Disk, Faults};
use crate::random::Random;
use crate::vfs;

const STREAMS: u128 = 4;
/// How often power is cut in a schedule.
const LIVES: usize = 4;
/// How many schedules run at a time.
const PARTS: u64 = 4;

/// One stream, as its clients know it.
struct Known {
    stream: StreamId,
    /// The entries that were acknowledged, or read, in their order.
    acknowledged: Vec<Hash>,
    /// The state after the last of them.
    tip: Tip,
    /// The entries of which it is not known whether they are there.
    in_doubt: HashSet<Hash>,
    /// The entries that were refused.
    refused: HashSet<Hash>,
}

/// The results of all schedules.
#[derive(Debug, Default)]
struct Counts {
    acknowledged: usize,
    unavailable: usize,
    unknown: usize,
    survived: usize,
    not_opened: usize,
    recovered: usize,
    checkpoints: usize,
    cuts: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.acknowledged += more.acknowledged;
        self.unavailable += more.unavailable;
        self.unknown += more.unknown;
        self.survived += more.survived;
        self.not_opened += more.not_opened;
        self.recovered += more.recovered;
        self.checkpoints += more.checkpoints;
        self.cuts += more.cuts;
    }
}

impl Known {
    fn new(number: u128) -> Self {
        let stream = instance(number);
        let tip = Tip::empty(stream.clone());
        Self { stream, acknowledged: Vec::new(), tip, in_doubt: HashSet::new(), refused: HashSet::new() }
    }

    /// Reads the stream. The acknowledged entries come first, and behind them at most those in doubt.
    async fn read(&mut self, store: &impl Store, counts: &mut Counts) -> Result<(), String> {
        let stream = &self.stream;
        let cut = cut_of(store, stream).await.map_err(|error| error.to_string())?;
        let after = cut.map_or(0, |cut| cut.position.revision);
        let log = store.read(stream, after, usize::MAX).await.map_err(|error| error.to_string())?;
        let mut there = self.acknowledged[..usize::try_from(after).unwrap()].to_vec();
        assert_eq!(there.last().copied(), cut.map(|cut| cut.position.hash), "{stream} is cut at another entry");
        there.extend(log.iter().map(|entry| entry.hash));
        assert!(there.starts_with(&self.acknowledged), "{stream} has lost what was acknowledged");
        for hash in &there[self.acknowledged.len()..] {
            assert!(!self.refused.contains(hash), "an entry of {stream} was refused and is there");
            assert!(self.in_doubt.contains(hash), "an entry of {stream} is nobody's");
            counts.survived += 1;
        }
        if let Some(loaded) = store.load(stream).await.map_err(|error| error.to_string())? {
            assert_eq!(Some(&loaded.hash), there.last(), "{stream}: the state and the log differ");
            self.tip = Tip::from(loaded);
        } else {
            assert!(there.is_empty());
            self.tip = Tip::empty(stream.clone());
        }
        self.acknowledged = there;
        self.in_doubt.clear();
        Ok(())
    }
}

struct Schedule {
    random: Random,
    streams: Vec<Known>,
    time: i64,
}

impl Schedule {
    /// Calls that are made one behind the other without waiting, each on streams of its own.
    async fn group(&mut self, store: &impl Store, counts: &mut Counts) {
        let mut waiting = Vec::new();
        let mut order: Vec<usize> = (0..self.streams.len()).collect();
        let shift = self.random.length(order.len() - 1);
        order.rotate_left(shift);
        while !order.is_empty() {
            let streams: Vec<usize> = order.drain(..(1 + self.random.length(1)).min(order.len())).collect();
            let mut appends = Vec::new();
            let mut tips = Vec::new();
            for at in &streams {
                self.time += 1;
                let mut tip = self.streams[*at].tip.clone();
                let most = if self.random.is(150) { 9_000 } else { 200 };
                let text = "x".repeat(self.random.length(most));
                let number = self.random.below(6);
                let mut made = append(&mut tip, self.time, |draft| {
                    let mut it = profile(u128::from(number), &format!("p{number}"));
                    it.description = Some(text);
                    draft.put(it).unwrap();
                });
                if self.random.is(200) {
                    made = made.with_secrets(vec![secret("key", Some("a secret"))]);
                }
                appends.push(made);
                tips.push(tip);
            }
            waiting.push((streams, tips, store.append(appends)));
            if self.random.is(400) {
                break;
            }
        }
        for (streams, tips, answer) in waiting {
            let answer = answer.await;
            match &answer {
                Ok(()) => counts.acknowledged += 1,
                Err(AppendError::Unavailable(_)) => counts.unavailable += 1,
                Err(AppendError::Unknown(_)) => counts.unknown += 1,
                Err(other) => panic!("{other:?}"),
            }
            for (at, tip) in streams.into_iter().zip(tips) {
                let known = &mut self.streams[at];
                match &answer {
                    Ok(()) => {
                        known.acknowledged.push(tip.position.hash);
                        known.tip = tip;
                    }
                    Err(AppendError::Unknown(_)) => {
                        known.in_doubt.insert(tip.position.hash);
                    }
                    Err(_) => {
                        known.refused.insert(tip.position.hash);
                    }
                }
            }
        }
    }

    /// Keeps a checkpoint, and may make it the cut.
    async fn upkeep(&mut self, store: &impl Store, counts: &mut Counts) {
        let at = self.random.length(self.streams.len() - 1);
        let Known { stream, acknowledged, .. } = &self.streams[at];
        let Ok(Some(snapshot)) = store.snapshot(stream).await else { return };
        let position = snapshot.checkpoint.position;
        if store.put_checkpoint(stream, snapshot).await.is_err() {
            return;
        }
        counts.checkpoints += 1;
        let last = usize::try_from(position.revision - 1).unwrap();
        if self.random.is(300)
            && acknowledged.get(last) == Some(&position.hash)
            && let Ok(cut) = cut_of(store, stream).await
        {
            let is_cut = store.cut(stream, position, cut.map_or(0, |cut| cut.position.revision)).await.is_ok();
            counts.cuts += usize::from(is_cut);
            let _ = store.compact(false).await;
        }
    }

    fn faults(&mut self) -> Faults {
        let rate = |random: &mut Random| if random.is(400) { [3, 30, 300, 1_000][random.length(3)] } else { 0 };
        let random = &mut self.random;
        Faults { full: rate(random), write: rate(random), sync: rate(random), read: rate(random) / 10 }
    }

    /// From opening to the power cut, or a clean end.
    async fn life(&mut self, directory: &Path, disk: &Arc<Disk>, counts: &mut Counts) {
        if self.random.is(250) {
            disk.cut_after(self.random.below(60));
        }
        let Ok(store) = SqliteStore::open(directory) else {
            assert!(!disk.has_power(), "the database was not opened");
            counts.not_opened += 1;
            return;
        };
        for known in &mut self.streams {
            if let Err(error) = known.read(&store, counts).await {
                assert!(!disk.has_power(), "{error}");
                return;
            }
        }
        if self.random.is(800) {
            disk.cut_after(self.random.below(900));
        }
        for _ in 0..1 + self.random.length(3) {
            disk.set(self.faults());
            for _ in 0..self.random.length(8) {
                self.group(&store, counts).await;
                if self.random.is(80) {
                    checkpoint(directory);
                }
                if self.random.is(150) {
                    self.upkeep(&store, counts).await;
                }
            }
            // The disk is well again, and then so is the store.
            disk.set(Faults::default());
            if disk.has_power() {
                let was_out = counts.unavailable + counts.unknown;
                let condition = store.condition().await;
                assert!(condition.is_ok() || !disk.has_power(), "{condition:?}");
                for known in &mut self.streams {
                    let read = known.read(&store, counts).await;
                    assert!(read.is_ok() || !disk.has_power(), "{read:?}");
                }
                self.group(&store, counts).await;
                if disk.has_power() {
                    assert_eq!(counts.unavailable + counts.unknown, was_out, "a disk that is well refuses writes");
                    counts.recovered += 1;
                }
            }
        }
        if self.random.is(300) {
            disk.set(self.faults());
        }
        drop(store);
    }
}

/// Moves what is in the write-ahead log to the database, as a long-running server does.
fn checkpoint(directory: &Path) {
    let Ok(others) = rusqlite::Connection::open(directory.join("lanyard.db")) else { return };
    // It fails when the disk does, and the write-ahead log keeps everything.
    let _ = others.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(0));
}

async fn run(seed: u64, counts: &mut Counts) {
    let streams = (1..=STREAMS).map(Known::new).collect();
    let mut schedule = Schedule { random: Random(seed), streams, time: 0 };
    let mut directory = tempfile::tempdir().unwrap();
    for _ in 0..LIVES {
        let disk = Arc::new(Disk::of(directory.path(), schedule.random.next()));
        vfs::put_beneath(directory.path(), &disk);
        schedule.life(directory.path(), &disk, counts).await;
        let next = tempfile::tempdir().unwrap();
        disk.survivor(next.path());
        directory = next;
    }
    let disk = Arc::new(Disk::of(directory.path(), seed));
    vfs::put_beneath(directory.path(), &disk);
    let store = SqliteStore::open(directory.path()).unwrap();
    for known in &mut schedule.streams {
        known.read(&store, counts).await.unwrap();
    }
    schedule.group(&store, counts).await;
    drop(store);
    let report = doctor(directory.path()).unwrap();
    assert!(report.is_sound(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_faults_and_power_cuts() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse::<u64>().unwrap());
    let (first, count) = (number("LANYARD_DISK_SEED", 1), number("LANYARD_DISK_SCHEDULES", 200));
    let mut running = tokio::task::JoinSet::new();
    for part in 0..PARTS {
        running.spawn(async move {
            let mut counts = Counts::default();
            for seed in (first + part..first + count).step_by(usize::try_from(PARTS).unwrap()) {
                eprintln!("LANYARD_DISK_SEED={seed} LANYARD_DISK_SCHEDULES=1");
                run(seed, &mut counts).await;
            }
            counts
        });
    }
    let mut counts = Counts::default();
    while let Some(part) = running.join_next().await {
        counts += part.unwrap();
    }
    println!("{count} schedules: {counts:?}");
    if count >= 200 {
        let Counts { acknowledged, unavailable, unknown, not_opened, recovered, checkpoints, cuts, .. } = counts;
        let all = [acknowledged, unavailable, unknown, not_opened, recovered, checkpoints, cuts];
        assert!(all.iter().all(|it| *it > 20), "{counts:?}");
    }
}
