//! Decisions on all processors, while security profiles are updated and every update is published as a new snapshot.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use arc_swap::ArcSwap;
use hdrhistogram::Histogram;
use lanyard_engine::{Compiled, PermissionIndex};
use lanyard_model::{Directory, Draft, Timestamp};

use crate::engines::lanyard;
use crate::random::Random;
use crate::rounds::{Spread, nanoseconds, number};
use crate::world::Ask;

/// One in this many decisions is timed.
const TIMED: usize = 16;

/// The results of one slice.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// Decisions a second, all threads together.
    pub per_second: f64,
    /// Nanoseconds of a decision: half are faster.
    pub p50: f64,
    /// Nanoseconds of a decision: 99 in 100 are faster.
    pub p99: f64,
    /// Updates a second.
    pub updates: f64,
    /// The median duration of an update in nanoseconds: the directory and the engine changed, the snapshot published.
    pub update: f64,
}

/// An instance with decisions and updates.
pub struct Shared {
    directory: Directory,
    snapshot: ArcSwap<Compiled>,
}

impl Shared {
    /// The present state of the instance.
    #[must_use]
    pub fn new(directory: Directory, compiled: Arc<Compiled>) -> Self {
        Self { directory, snapshot: ArcSwap::new(compiled) }
    }

    /// Decides on `threads` threads, with this many updates a second at the same time.
    ///
    /// # Errors
    /// A thread fails, or an update does not fit the directory.
    pub fn run(&mut self, asks: &[Ask], threads: usize, rate: u32, time: Duration) -> anyhow::Result<Slice> {
        let (snapshot, directory) = (&self.snapshot, self.directory.clone());
        let done = &AtomicBool::new(false);
        let (histogram, count, updates, after) = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..threads)
                .map(|thread| scope.spawn(move || read(snapshot, asks, thread * asks.len() / threads, done)))
                .collect();
            let writer = (rate > 0).then(|| scope.spawn(move || write(snapshot, directory, rate, done)));
            std::thread::sleep(time);
            done.store(true, Ordering::Relaxed);
            let (mut all, mut count) = (histogram()?, 0);
            for reader in readers {
                let Ok(result) = reader.join() else { bail!("a deciding thread ended badly") };
                let (times, decided) = result?;
                all.add(times)?;
                count += decided;
            }
            let Some(writer) = writer else { return Ok((all, count, Vec::new(), None)) };
            let Ok(result) = writer.join() else { bail!("the writing thread ended badly") };
            let (updates, after) = result?;
            anyhow::Ok((all, count, updates, Some(after)))
        })?;
        if let Some(after) = after {
            self.directory = after;
        }
        #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a few seconds at most")]
        let quantile = |at| histogram.value_at_quantile(at) as f64;
        Ok(Slice {
            per_second: number(count) / time.as_secs_f64(),
            p50: quantile(0.5),
            p99: quantile(0.99),
            updates: number(updates.len()) / time.as_secs_f64(),
            update: Spread::of(updates).median,
        })
    }

    /// Checks that the snapshot, which was updated with every change, answers like a newly compiled one.
    ///
    /// # Errors
    /// An answer differs.
    pub fn check(&self, asks: &[Ask]) -> anyhow::Result<()> {
        let fresh = Compiled::new(&self.directory, PermissionIndex::builtin());
        let followed = self.snapshot.load();
        let differing =
            asks.iter().filter(|ask| lanyard::allows(&fresh, ask) != lanyard::allows(&followed, ask)).count();
        ensure!(differing == 0, "after the updates, {differing} answers are not those of an engine made afresh");
        Ok(())
    }
}

fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000_000, 3)?)
}

fn read(
    snapshot: &ArcSwap<Compiled>,
    asks: &[Ask],
    from: usize,
    done: &AtomicBool,
) -> anyhow::Result<(Histogram<u64>, usize)> {
    let (mut times, mut count) = (histogram()?, 0);
    let mut asks = asks.iter().cycle().skip(from);
    while !done.load(Ordering::Relaxed) {
        let ask = asks.next().context("no questions")?;
        let started = Instant::now();
        black_box(lanyard::allows(&snapshot.load(), ask));
        times.saturating_record(u64::try_from(started.elapsed().as_nanos())?);
        for ask in asks.by_ref().take(TIMED - 1) {
            black_box(lanyard::allows(&snapshot.load(), ask));
        }
        count += TIMED;
    }
    Ok((times, count))
}

/// Adds a permission to a profile, or removes it again, `rate` times a second.
fn write(
    snapshot: &ArcSwap<Compiled>,
    mut directory: Directory,
    rate: u32,
    done: &AtomicBool,
) -> anyhow::Result<(Vec<f64>, Directory)> {
    const EXTRA: &str = "Users.Edit";
    let ids: Vec<_> = directory.security_profiles.keys().cloned().collect();
    let (started, mut random, mut times) = (Instant::now(), Random::new(3), Vec::new());
    for turn in 1_u32.. {
        std::thread::sleep((Duration::from_secs(1) / rate * turn).saturating_sub(started.elapsed()));
        if done.load(Ordering::Relaxed) {
            break;
        }
        let id = ids.get(random.below(ids.len())).context("no profiles")?;
        let begun = Instant::now();
        let mut profile = directory.security_profiles.get(id).context("no such profile")?.as_ref().clone();
        match profile.permissions.iter().position(|permission| permission == EXTRA) {
            Some(at) => drop(profile.permissions.remove(at)),
            None => profile.permissions.push(EXTRA.to_owned()),
        }
        let mut draft = Draft::new(directory);
        draft.put(profile)?;
        let (changes, next) = draft.finish(Timestamp::default());
        directory = next;
        let mut compiled = Compiled::clone(&snapshot.load());
        compiled.apply(&changes);
        snapshot.store(Arc::new(compiled));
        times.push(nanoseconds(begun.elapsed()));
    }
    Ok((times, directory))
}
