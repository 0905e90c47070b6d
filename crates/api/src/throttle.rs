//! The service's rate limit: 2 requests a second and bursts of 5, shared by all callers of an account and region
//! (`docs/evidence`, quota Q2).
//!
//! Where other processes serve the same store, the requests of late are counted in it, for all of them; a request that is
//! refused only reads. Elsewhere they are counted in memory.

mod local;
mod shared;

use lanyard_model::Scope;
use lanyard_service::SharedCells;
use lanyard_service::error::Result;

use local::LocalThrottle;
use shared::SharedThrottle;

/// The requests of late of each account and region.
pub(crate) enum Throttle {
    Local(Box<LocalThrottle>),
    Shared(SharedThrottle),
}

impl Throttle {
    pub(crate) fn new(cells: &SharedCells) -> Self {
        match cells.are_shared() {
            true => Self::Shared(SharedThrottle::new(cells.clone())),
            false => Self::Local(Box::default()),
        }
    }

    /// Counts a request, if the rate allows it.
    ///
    /// # Errors
    /// When the storage fails.
    pub(crate) async fn admit(&self, scope: &Scope) -> Result<bool> {
        match self {
            Self::Local(throttle) => Ok(throttle.admit(scope)),
            Self::Shared(throttle) => throttle.admit(scope).await,
        }
    }
}
