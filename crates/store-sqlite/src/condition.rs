//! Whether the disk takes writes, as far as is known: what the writer has learned, for those who ask.

use std::sync::{Mutex, MutexGuard, PoisonError};

use lanyard_store::{Cause, Outage};

/// The outage, if there is one.
#[derive(Debug, Default)]
pub(crate) struct Condition(Mutex<Option<Outage>>);

impl Condition {
    /// Writes fail. Damage and loss stay known until a restart, whatever comes after.
    pub(crate) fn began(&self, outage: &Outage) {
        let mut current = self.lock();
        let is_known = match current.as_ref().map(|it| it.cause) {
            Some(cause) if stays(cause) => outage.cause != Cause::Lost || cause == Cause::Lost,
            Some(cause) => cause == outage.cause,
            None => false,
        };
        if !is_known {
            tracing::error!(cause = outage.cause.name(), "nothing can be written: {}", outage.detail);
            *current = Some(outage.clone());
        }
    }

    /// A write has succeeded.
    pub(crate) fn is_over(&self) {
        let mut current = self.lock();
        if let Some(outage) = current.take_if(|outage| !stays(outage.cause)) {
            tracing::info!(cause = outage.cause.name(), "writes succeed again");
        }
    }

    pub(crate) fn current(&self) -> Option<Outage> {
        self.lock().clone()
    }

    /// The outage, where acknowledged entries are lost.
    pub(crate) fn lost(&self) -> Option<Outage> {
        self.current().filter(|outage| outage.cause == Cause::Lost)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Outage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an outage of this cause is over only after a restart.
fn stays(cause: Cause) -> bool {
    matches!(cause, Cause::Damaged | Cause::Lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_and_loss_stay_known() {
        let outage = |cause| Outage { cause, detail: String::new() };
        let condition = Condition::default();
        for (next, known) in [
            (Cause::DiskFull, Cause::DiskFull),
            (Cause::ReadOnly, Cause::ReadOnly),
            (Cause::Damaged, Cause::Damaged),
            (Cause::DiskFull, Cause::Damaged),
            (Cause::Lost, Cause::Lost),
            (Cause::Damaged, Cause::Lost),
        ] {
            condition.began(&outage(next));
            assert_eq!(condition.current().unwrap().cause, known);
        }
        condition.is_over();
        assert!(condition.lost().is_some());

        let condition = Condition::default();
        condition.began(&outage(Cause::DiskFull));
        condition.is_over();
        assert_eq!(condition.current(), None);
    }
}
