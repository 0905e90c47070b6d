//! Time for a decision, in interleaved rounds: every round gives each engine the same time, and begins with the next.
//!
//! Time is processor time of the thread that decides, so that a machine with other work takes away cache, not time.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rustix::time::{ClockId, clock_gettime};

use crate::engines::Engine;
use crate::world::{Ask, World};

/// The number of questions between two readings of the clock.
const CHUNK: usize = 1_000;

/// The median of some numbers, with the least and the greatest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Spread {
    /// The summary of some numbers; zeros for none.
    #[must_use]
    pub fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
        Self { median: at(numbers.len() / 2), least: at(0), greatest: at(numbers.len().saturating_sub(1)) }
    }
}

/// Checks that every engine answers every question correctly.
///
/// # Errors
/// The first question that an engine answers incorrectly.
pub fn check(world: &World, engines: &mut [Box<dyn Engine>], asks: &[Ask]) -> anyhow::Result<usize> {
    let mut allowed = 0;
    for ask in asks {
        let expected = world.expects(ask);
        allowed += usize::from(expected);
        for engine in engines.iter_mut() {
            ensure!(
                engine.allows(ask) == expected,
                "`{}` says {} to {} of {} on {} {}",
                engine.name(),
                !expected,
                ask.action,
                ask.principal,
                ask.resource_type,
                ask.id
            );
        }
    }
    Ok(allowed)
}

/// Nanoseconds for a decision of each engine when `asks` are repeated in turn.
///
/// # Errors
/// There are no questions.
pub fn interleaved(
    engines: &mut [Box<dyn Engine>],
    asks: &[Ask],
    rounds: usize,
    slice: Duration,
) -> anyhow::Result<Vec<Spread>> {
    ensure!(!asks.is_empty(), "no questions");
    let mut times = vec![Vec::new(); engines.len()];
    let mut places = vec![asks.chunks(CHUNK).cycle(); engines.len()];
    for round in 0..=rounds {
        for turn in 0..engines.len() {
            let at = (round + turn) % engines.len();
            let (Some(engine), Some(place), Some(times)) = (engines.get_mut(at), places.get_mut(at), times.get_mut(at))
            else {
                continue;
            };
            let (started, busy, mut count) = (Instant::now(), processor_time()?, 0);
            while started.elapsed() < slice {
                let chunk = place.next().context("no questions")?;
                black_box(engine.count(black_box(chunk)));
                count += chunk.len();
            }
            // The first round warms up.
            if round > 0 {
                times.push(nanoseconds(processor_time()?.saturating_sub(busy)) / number(count));
            }
        }
    }
    Ok(times.into_iter().map(Spread::of).collect())
}

/// Nanoseconds for one decision right after all caches were filled with other data. The question itself is read
/// before the clock starts, as its receiver would have done.
pub fn cold(engines: &mut [Box<dyn Engine>], asks: &[Ask], samples: usize, cache_bytes: usize) -> Vec<Spread> {
    let mut other = vec![1_u64; cache_bytes * 2 / size_of::<u64>()];
    let mut times = vec![Vec::new(); engines.len()];
    let mut empty = Vec::new();
    for ask in asks.iter().step_by((asks.len() / samples.max(1)).max(1)).take(samples) {
        for (engine, times) in engines.iter_mut().zip(&mut times) {
            for word in other.iter_mut().step_by(8) {
                *word = word.wrapping_mul(3);
            }
            let one = [black_box(ask.clone())];
            let started = Instant::now();
            black_box(engine.count(black_box(&one)));
            times.push(nanoseconds(started.elapsed()));
            let started = Instant::now();
            empty.push(nanoseconds(started.elapsed()));
        }
    }
    black_box(&other);
    let clock = Spread::of(empty).median;
    times.into_iter().map(|times| Spread::of(times.into_iter().map(|time| (time - clock).max(0.0)).collect())).collect()
}

/// Processor time of this thread so far.
fn processor_time() -> anyhow::Result<Duration> {
    Ok(Duration::try_from(clock_gettime(ClockId::ThreadCPUTime))?)
}

/// A duration in nanoseconds.
#[must_use]
pub fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

/// A count as a number to calculate with.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^52")]
pub fn number(count: usize) -> f64 {
    count as f64
}
