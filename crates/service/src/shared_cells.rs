//! Cells of the store as the service uses them: read each time, and removed when they have expired.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use lanyard_model::Timestamp;
use lanyard_store::{Cell, CellChange, CellsOf, SWEPT_AT_ONCE, Store};

use crate::environment::Environment;
use crate::error::{Error, Result};

/// How long after its expiry a cell is removed, in milliseconds: the clocks of nodes may differ.
const MARGIN: i64 = 10 * 60_000;

/// How often a process removes what has expired, in milliseconds.
const INTERVAL: i64 = 60_000;

/// The cells of a store.
#[derive(Clone)]
pub struct SharedCells(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    environment: Arc<dyn Environment>,
    /// When cells were swept last, in milliseconds.
    swept: AtomicI64,
}

impl SharedCells {
    pub(crate) fn new(store: Arc<dyn Store>, environment: Arc<dyn Environment>) -> Self {
        Self(Arc::new(Inner { store, environment, swept: AtomicI64::new(0) }))
    }

    /// Whether other processes have the same cells.
    #[must_use]
    pub fn are_shared(&self) -> bool {
        self.0.store.is_shared()
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.environment.now()
    }

    /// A cell as it is now.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn read(&self, kind: &'static str, key: Vec<u8>) -> Result<Option<Cell>> {
        self.0.store.cell(kind, key).await.map_err(|error| Error::internal(error.to_string()))
    }

    /// The cells of an owner.
    pub(crate) async fn of(&self, of: CellsOf) -> Result<Vec<(Vec<u8>, Cell)>> {
        self.0.store.cells_of(of).await.map_err(|error| Error::internal(error.to_string()))
    }

    /// Changes cells; returns how many. Now and then it also removes, in the background, those that have expired.
    ///
    /// # Errors
    /// When too many writes wait, or the storage fails.
    pub async fn change(&self, change: CellChange) -> Result<u64> {
        self.sweep();
        Ok(self.0.store.change_cells(change).await?)
    }

    fn sweep(&self) {
        let (now, swept) = (self.now().0, self.0.swept.load(Ordering::Relaxed));
        if now.saturating_sub(swept) < INTERVAL {
            return;
        }
        // Of several at once, one sweeps.
        if self.0.swept.compare_exchange(swept, now, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let store = Arc::clone(&self.0.store);
        tokio::spawn(async move {
            loop {
                match store.change_cells(CellChange::Sweep(Timestamp(now.saturating_sub(MARGIN)))).await {
                    Ok(count) if count >= u64::from(SWEPT_AT_ONCE) => {}
                    Ok(_) => return,
                    Err(error) => {
                        tracing::warn!("what has expired stays for now: {error}");
                        return;
                    }
                }
            }
        });
    }
}
