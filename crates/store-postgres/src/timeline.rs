//! The timelines of the servers that were connected to, so that none is used that was replaced.
//!
//! A server that is promoted begins a new timeline, with a higher number than that of the server that it replaces. A primary
//! that comes back, or goes on, without knowing that it was replaced has the lower number: what it would answer is old, and
//! what it would accept is lost. A process remembers the highest number that it has seen of each database cluster. It cannot
//! know of a promotion that it has not seen.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_postgres::SimpleQueryMessage;

/// The cluster that a connection leads to, and the timeline that it had then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    system: String,
    number: u32,
}

impl Timeline {
    /// Reads the answer to [`crate::statements::TIMELINE`].
    pub(crate) fn read(answer: &[SimpleQueryMessage]) -> Option<Self> {
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        })?;
        Some(Self { system: row.get(0)?.to_owned(), number: u32::from_str_radix(row.get(1)?, 16).ok()? })
    }
}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)
    }
}

/// The highest timeline of each cluster that this process has seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timelines(Arc<Mutex<HashMap<String, u32>>>);

impl Timelines {
    /// Remembers a timeline.
    ///
    /// # Errors
    /// The number of a newer one, where the server was replaced.
    pub(crate) fn see(&self, timeline: &Timeline) -> Result<(), u32> {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = newest.entry(timeline.system.clone()).or_insert(timeline.number);
        if *newest > timeline.number {
            return Err(*newest);
        }
        *newest = timeline.number;
        Ok(())
    }

    /// Whether a server of this timeline was replaced by one that was seen since.
    pub(crate) fn has_newer(&self, timeline: &Timeline) -> bool {
        let newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        newest.get(&timeline.system).is_some_and(|newest| *newest > timeline.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_was_replaced_is_refused_and_another_cluster_is_not() {
        let timeline = |system: &str, number| Timeline { system: system.to_owned(), number };
        let seen = Timelines::default();
        seen.see(&timeline("1", 1)).unwrap();
        seen.see(&timeline("1", 1)).unwrap();
        assert!(!seen.has_newer(&timeline("1", 1)));
        seen.see(&timeline("1", 3)).unwrap();
        assert!(seen.has_newer(&timeline("1", 1)));
        assert_eq!(seen.see(&timeline("1", 2)), Err(3));
        seen.see(&timeline("2", 1)).unwrap();
        seen.see(&timeline("1", 3)).unwrap();
    }
}
