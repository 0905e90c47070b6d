//! The attempts to sign in of each name, in cells of the store: failures at all nodes count together.

use lanyard_authn::{Failures, SignInRate, Wait};
use lanyard_store::{Cell, CellChange};

use crate::error::{Error, Result};
use crate::shared_cells::SharedCells;
use lanyard_wire::ErrorKind;

/// The kind of the cells.
const KIND: &str = "sign-in";

/// How often an attempt is counted again because another of the same name was counted at the same time. Each of those
/// failed or will, so that the name has to wait before this many.
const ATTEMPTS: usize = 32;

/// The limits on attempts to sign in.
pub(crate) struct SignInAttempts {
    cells: SharedCells,
    rate: SignInRate,
}

impl SignInAttempts {
    pub(crate) fn new(cells: SharedCells) -> Self {
        Self { cells, rate: SignInRate::default() }
    }

    /// Counts an attempt, as a failure until [`succeeded`](Self::succeeded) is called. A name that has to wait takes nothing
    /// from the rate of all.
    ///
    /// # Errors
    /// Too many requests, when the name failed too often or the attempts of all names are too many.
    pub(crate) async fn take(&self, name: &str) -> Result<()> {
        let key = Failures::key(name);
        let mut is_in_rate = false;
        for _ in 0..ATTEMPTS {
            let kept = self.cells.read(KIND, key.clone()).await?;
            let before = kept.as_ref().and_then(|kept| Failures::decode(&kept.value));
            let failures = Failures::with_attempt(before.as_ref(), self.cells.now()).map_err(too_many)?;
            if !is_in_rate {
                self.rate.take().map_err(too_many)?;
                is_in_rate = true;
            }
            let cell = Cell { owner: String::new(), value: failures.encode(), expires: failures.forgotten() };
            let expected = kept.map(|kept| kept.value);
            if self.cells.change(CellChange::Put { kind: KIND, key: key.clone(), cell, expected }).await? > 0 {
                return Ok(());
            }
        }
        Err(too_many(Wait(1)))
    }

    /// The attempt succeeded: the name has no failures.
    pub(crate) async fn succeeded(&self, name: &str) -> Result<()> {
        self.cells.change(CellChange::Delete { kind: KIND, key: Failures::key(name) }).await.map(drop)
    }
}

fn too_many(Wait(seconds): Wait) -> Error {
    let message = format!("there were too many attempts to sign in; try again in {seconds} s");
    Error::new(ErrorKind::ThrottlingException, message)
}
