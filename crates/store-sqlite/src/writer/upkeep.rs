//! Work on what is derived from the log, such as checkpoints: in steps between which calls are written.
//!
//! It is done on the connection that writes, so that a failure of the disk has one consequence, whichever write met it.

use lanyard_store::{AppendError, StoreError};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Failed, Writer};
use crate::error::{Failure, Result};

/// A step, and whether it was the last one. The data is right after each step, also if no other follows.
pub(crate) type Step = Box<dyn FnMut(&Connection) -> Result<bool> + Send>;

/// Work in steps, and where the answer goes.
pub(crate) struct Upkeep {
    pub(crate) step: Step,
    pub(crate) reply: oneshot::Sender<std::result::Result<(), StoreError>>,
}

impl Writer {
    /// Carries out one step of the work that came first.
    pub(super) fn step(&mut self) {
        let Some(mut work) = self.upkeep.pop_front() else { return };
        match self.try_step(&mut work.step) {
            Ok(false) => self.upkeep.push_front(work),
            // The caller may have gone.
            Ok(true) => drop(work.reply.send(Ok(()))),
            Err(error) => drop(work.reply.send(Err(error))),
        }
    }

    fn try_step(&mut self, step: &mut Step) -> std::result::Result<bool, StoreError> {
        let unavailable = |error: AppendError| StoreError::Storage(error.to_string());
        if self.is_suspect {
            self.recover().map_err(|outage| unavailable(AppendError::Unavailable(outage)))?;
        }
        match step(&self.connection) {
            Ok(is_last) => Ok(is_last),
            Err(Failure::Database(error)) => Err(unavailable(self.abandon(&Failed { error, at_commit: false }))),
            Err(Failure::Store(error)) => {
                let rolled_back = self.connection.is_autocommit() || self.execute("ROLLBACK").is_ok();
                self.is_suspect |= !rolled_back;
                Err(error)
            }
        }
    }
}
