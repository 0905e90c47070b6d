//! A workload that measures a store: updates of security profiles, each acknowledged before its caller goes on.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lanyard_model::resources::{SecurityProfile, User};
use lanyard_model::{Entry, Kind, Resource, Timestamp};

use super::support::{Tip, instance, profile, put_routing_profile, user};
use crate::{Append, AppendError, Sealing, Store};

/// How much is demanded of a store at once.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// How many instances are written to.
    pub streams: u128,
    /// How many updates of each instance are under way at any time.
    pub in_flight: usize,
    /// For how long.
    pub time: Duration,
    /// The kind that is updated: a user, whose name changes each time, or else a security profile.
    pub kind: Kind,
}

/// The result of a measurement.
#[derive(Clone, Debug)]
pub struct Measured {
    workload: Workload,
    /// The bytes of an entry.
    entry: usize,
    elapsed: Duration,
    /// How long each update took, the shortest first.
    times: Vec<Duration>,
}

impl Measured {
    /// The bytes of an entry as it is stored.
    #[must_use]
    pub fn entry(&self) -> usize {
        self.entry
    }

    /// Acknowledged updates a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.times.len()).unwrap_or(u32::MAX)) / self.elapsed.as_secs_f64()
    }

    fn at(&self, percent: usize) -> Duration {
        self.times.get(self.times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Workload { streams, in_flight, kind, .. } = self.workload;
        writeln!(
            f,
            "updates of one {} in each of {streams} instances, {in_flight} under way in each, {} bytes an \
             entry:",
            kind.noun(),
            self.entry
        )?;
        write!(
            f,
            "{:.0} durable updates/s; p50 {:.1?}, p99 {:.1?}, longest {:.1?}",
            self.rate(),
            self.at(50),
            self.at(99),
            self.at(100)
        )
    }
}

/// Runs a workload on an empty store, on the runtime of the caller.
///
/// # Errors
/// The first of the store's.
pub async fn measure(store: Arc<dyn Store>, workload: Workload) -> Result<Measured, AppendError> {
    let start = Instant::now();
    let end = start + workload.time;
    let tasks = (0..workload.streams).map(|stream| write(Arc::clone(&store), stream, workload, end));
    let mut tasks: Vec<_> = tasks.map(Box::pin).collect();
    let mut done: Vec<Option<Result<Vec<Duration>, AppendError>>> = tasks.iter().map(|_| None).collect();
    let mut entry = 0;
    std::future::poll_fn(|cx| {
        let mut is_open = false;
        for (task, done) in tasks.iter_mut().zip(&mut done) {
            if done.is_none() {
                match task.as_mut().poll(cx) {
                    std::task::Poll::Ready(result) => *done = Some(result),
                    std::task::Poll::Pending => is_open = true,
                }
            }
        }
        if is_open { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    let mut times = Vec::new();
    for result in done.into_iter().flatten() {
        times.extend(result?);
    }
    let elapsed = start.elapsed();
    times.sort_unstable();
    if let Ok(entries) = store.read(&instance(0), 1, 1).await {
        entry = entries.first().map_or(0, |it| it.record.len());
    }
    Ok(Measured { workload, entry, elapsed, times })
}

async fn write(
    store: Arc<dyn Store>,
    stream: u128,
    Workload { in_flight, kind, .. }: Workload,
    end: Instant,
) -> Result<Vec<Duration>, AppendError> {
    let mut tip = Tip::empty(instance(stream));
    let mut waiting = VecDeque::new();
    let mut times = Vec::new();
    loop {
        while waiting.len() < in_flight && Instant::now() < end {
            waiting.push_back((Instant::now(), store.append(vec![update(store.sealing(), &mut tip, kind)?])));
        }
        let Some((begun, append)) = waiting.pop_front() else { return Ok(times) };
        append.await?;
        times.push(begun.elapsed());
    }
}

/// The next update of an instance.
fn update(sealing: &Sealing, tip: &mut Tip, kind: Kind) -> Result<Append, AppendError> {
    let time = Timestamp(tip.directory.time().0 + 1);
    let mut draft = lanyard_model::Draft::new(tip.directory.clone());
    let description = Some(format!("as of {}", time.0));
    let next: Resource = match kind {
        Kind::User => User { last_modified_time: time, ..user(1, &format!("agent-{}", time.0)) }.into(),
        _ => SecurityProfile { description, last_modified_time: time, ..profile(1, "Agent") }.into(),
    };
    let refused = |error: lanyard_model::Invalid| AppendError::Refused(error.to_string());
    if kind == Kind::User {
        put_routing_profile(&mut draft);
    }
    draft.put(next).map_err(refused)?;
    let (changes, directory) = draft.finish(time);
    let entry = Entry {
        time,
        actor: "someone".into(),
        operation: "UpdateSecurityProfile".into(),
        request_id: "6f1c9c3e-5d0e-4b51-9d0c-0a7d6a3f1e42".into(),
        changes,
        erasure: None,
    };
    let append = Append::new(sealing, directory.stream(), &tip.position, entry)?;
    *tip = Tip { directory, position: append.position() };
    Ok(append)
}
