//! Whether the database takes writes, as far as the writer knows.

use std::sync::{Mutex, PoisonError};

use lanyard_store::Outage;

/// The outage that the last write met, if it met one.
#[derive(Debug, Default)]
pub(crate) struct Condition(Mutex<Option<Outage>>);

impl Condition {
    pub(crate) fn set(&self, outage: Option<Outage>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = outage;
    }

    pub(crate) fn current(&self) -> Option<Outage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
