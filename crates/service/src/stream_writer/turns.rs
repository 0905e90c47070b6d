//! Turns between the nodes that write one stream.
//!
//! Of the nodes that write a stream at the same time, one wins; the others read what it wrote and try again. The one that
//! has won is ahead of them, and would win again. It therefore waits for as long as its own last round took, in which the
//! others have their turn and its own jobs gather. This is about time only: whichever node writes when, an entry is
//! accepted only after the one that it follows.

use std::time::Duration;

use tokio::time::Instant;

/// For how many rounds after an entry of another node turns are taken.
const ROUNDS: u32 = 16;

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(1);

/// The knowledge that a node has of the others that write a stream.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// When an entry of another node was read last.
    others: Option<Instant>,
    /// When the jobs that run were begun.
    begun: Option<Instant>,
    /// How long the last round took, from the jobs to the disk.
    round: Duration,
    /// When the turn of the others ends.
    until: Option<Instant>,
}

impl Turns {
    /// An entry of another node was read.
    pub(super) fn another_wrote(&mut self) {
        self.others = Some(Instant::now());
    }

    /// Whether other nodes write the stream.
    pub(super) fn are_taken(&self) -> bool {
        self.others.is_some_and(|at| at.elapsed() < LONGEST.min(self.round * ROUNDS))
    }

    /// Jobs begin to run.
    pub(super) fn begin(&mut self) {
        self.until = None;
        self.begun.get_or_insert_with(Instant::now);
    }

    /// A job that ran was not written.
    pub(super) fn lost(&mut self) {
        self.begun = None;
    }

    /// All jobs that ran are on disk: the others have a turn.
    pub(super) fn end(&mut self) {
        let now = Instant::now();
        if let Some(begun) = self.begun.take() {
            self.round = now - begun;
        }
        self.until = self.are_taken().then(|| now + self.round.min(LONGEST));
    }

    /// The end of the others' turn, if it is not over.
    pub(super) fn of_others(&self) -> Option<Instant> {
        self.until.filter(|until| Instant::now() < *until)
    }
}

/// Waits until a moment; for ever without one.
pub(super) async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
