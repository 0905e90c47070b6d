//! The work that a server does in the background: it keeps checkpoints of the streams that grow.
//!
//! A checkpoint of a stream is made when its entries since the last one take as many bytes as its state, so that the
//! checkpoints never cost more than the entries, and a state of the past never more than about two states. Any node may
//! make it: another that makes the same writes the same.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use lanyard_model::StreamId;
use lanyard_store::{Head, Store, StoreError};

/// The interval between looks at the streams.
const INTERVAL: Duration = Duration::from_secs(2);

/// How many bytes of entries are worth a checkpoint, however small the state is.
const LEAST: u64 = 1 << 20;

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
    growth: HashMap<StreamId, Growth>,
}

impl Upkeep {
    /// The upkeep of a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, growth: HashMap::new() }
    }

    /// Works until the future is dropped. Failures are logged, and what failed is tried again.
    pub async fn run(mut self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if let Err(error) = self.look().await {
                tracing::warn!("no checkpoint was made: {error}");
            }
        }
    }

    /// Looks at every stream once, and makes the checkpoints that are due.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(&mut self) -> Result<(), StoreError> {
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

#[cfg(test)]
mod tests;
