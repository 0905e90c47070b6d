//! The work that a server does in the background: it keeps checkpoints of the streams that grow, and archives entries
//! that are older than it is to keep.
//!
//! A checkpoint of a stream is made when its entries since the last one take as many bytes as its state, so that the
//! checkpoints never cost more than the entries, and a state of the past never more than about two states. Any node may
//! make it: one that is there stays.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lanyard_model::{StreamId, Timestamp};
use lanyard_store::archive::{ArchiveError, archive, has_entries_before};
use lanyard_store::{Head, Store, StoreError};
use tokio::time::Instant;

use crate::environment::Environment;
use crate::heavy::Heavy;

/// The least interval between looks at the streams.
const INTERVAL: Duration = Duration::from_secs(2);

/// The longest time between looks for entries to archive.
const MOST_BETWEEN: Duration = Duration::from_secs(60 * 60);

/// How many bytes of entries are worth a checkpoint, however small the state is.
const LEAST: u64 = 1 << 20;

/// How long entries are kept in the store, and where they go.
#[derive(Clone, Debug)]
pub struct Retention {
    /// The age up to which entries stay. Those that are a tenth older, or a day, are archived.
    pub age: Duration,
    /// The directory of the archives, which is there. Each is named by the time before which its entries were made.
    pub directory: PathBuf,
}

/// How far a stream was looked at.
#[derive(Clone, Copy, Debug)]
struct Growth {
    /// The last entry that was counted.
    revision: u64,
    /// How many bytes the entries since the last checkpoint take.
    bytes: u64,
    /// How many bytes of entries are worth a checkpoint.
    enough: u64,
}

/// Keeps checkpoints of a store.
pub struct Upkeep {
    store: Arc<dyn Store>,
    retention: Option<Retention>,
    growth: HashMap<StreamId, Growth>,
}

impl Upkeep {
    /// The upkeep of a store. Without a retention, nothing is archived.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, retention: Option<Retention>) -> Self {
        Self { store, retention, growth: HashMap::new() }
    }

    /// Works until the future is dropped. Failures are logged, and what failed is tried again.
    pub async fn run(mut self, environment: Arc<dyn Environment>, heavy: Arc<Heavy>) {
        let between = self.retention.as_ref().map_or(MOST_BETWEEN, |it| (it.age / 20).clamp(INTERVAL, MOST_BETWEEN));
        let mut last_kept: Option<Instant> = None;
        let mut rest = INTERVAL;
        loop {
            tokio::time::sleep(rest).await;
            let begun = Instant::now();
            if let Err(error) = self.look().await {
                tracing::warn!("no checkpoint was made: {error}");
            }
            // Many streams take long to look at: most of the time is for others.
            rest = INTERVAL.max(20 * begun.elapsed()).min(MOST_BETWEEN);
            let is_due = last_kept.is_none_or(|it| it.elapsed() >= between);
            if let Some(retention) = self.retention.clone().filter(|_| is_due && self.store.sealing().seals()) {
                last_kept = Some(begun);
                let (store, now) = (Arc::clone(&self.store), environment.now());
                // The file is written where nobody waits.
                match heavy.run(async move { keep(store.as_ref(), &retention, now).await }).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!("older entries were not archived: {error}"),
                    Err(error) => tracing::error!("older entries were not archived: {}", error.message()),
                }
            }
        }
    }

    /// Looks at every stream once, and makes the checkpoints that are due.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(&mut self) -> Result<(), StoreError> {
        if !self.store.sealing().seals() {
            // A node is there that cannot read what people are sealed in.
            return Ok(());
        }
        let streams = self.store.streams().await?;
        for (stream, head) in streams {
            let is_new = self.growth.get(&stream).is_none_or(|it| it.revision < head.position.revision);
            if head.closed {
                self.growth.remove(&stream);
            } else if is_new {
                self.grow(&stream, &head).await?;
            }
        }
        Ok(())
    }

    async fn grow(&mut self, stream: &StreamId, head: &Head) -> Result<(), StoreError> {
        let mut growth = match self.growth.get(stream) {
            Some(growth) => *growth,
            None => self.last_checkpoint(stream).await?,
        };
        growth.bytes += self.store.log_size(stream, growth.revision).await?;
        // Entries that came meanwhile are counted twice: the next checkpoint may be a little early.
        growth.revision = head.position.revision;
        if growth.bytes >= growth.enough {
            // Another node may have made one.
            let last = self.last_checkpoint(stream).await?;
            let since = self.store.log_size(stream, last.revision).await?;
            growth = Growth { bytes: since, ..last };
            if since >= last.enough
                && let Some(snapshot) = self.store.snapshot(stream).await?
            {
                let checkpoint = snapshot.checkpoint;
                self.store.put_checkpoint(stream, snapshot).await?;
                tracing::debug!(%stream, revision = checkpoint.position.revision, "a checkpoint was made");
                let (revision, enough) = (checkpoint.position.revision, checkpoint.size.max(LEAST));
                growth = Growth { revision, bytes: 0, enough };
            }
            growth.revision = growth.revision.max(head.position.revision);
        }
        self.growth.insert(stream.clone(), growth);
        Ok(())
    }

    /// The growth right after the last checkpoint, or since the beginning.
    async fn last_checkpoint(&self, stream: &StreamId) -> Result<Growth, StoreError> {
        let last = self.store.checkpoints(stream).await?.pop();
        let (revision, size) = last.map_or((0, 0), |it| (it.position.revision, it.size));
        Ok(Growth { revision, bytes: 0, enough: size.max(LEAST) })
    }
}

/// Archives the entries that are older than they are to be kept.
async fn keep(store: &dyn Store, retention: &Retention, now: Timestamp) -> Result<(), ArchiveError> {
    let back = |age: Duration| Timestamp(now.0.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX)));
    let spare = (retention.age / 10).min(Duration::from_secs(24 * 60 * 60));
    if !has_entries_before(store, back(retention.age.saturating_add(spare))).await? {
        return Ok(());
    }
    let before = back(retention.age);
    let name = lanyard_wire::Timestamp::from_millis(before.0).to_iso().replace(':', "-");
    let file = retention.directory.join(format!("lanyard-before-{name}.archive"));
    let archived = archive(store, before, &file).await?;
    tracing::info!(file = %file.display(), entries = archived.entries, "older entries were archived");
    Ok(store.compact(false).await?)
}

#[cfg(test)]
mod tests;
