//! Work that keeps a thread busy.

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::error::{Error, Result};

/// Whether work is done where it stands: a runtime of one thread has no other to give it to.
pub(crate) fn is_inline() -> bool {
    Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread
}

/// Runs work that keeps a thread busy, on a thread that may be.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    if is_inline() {
        return Ok(work());
    }
    let lost = |error| Error::internal(format!("work was lost: {error}"));
    tokio::task::spawn_blocking(work).await.map_err(lost)
}
