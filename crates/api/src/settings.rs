//! Settings of the surfaces.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How old a state in memory may be, unless the request says it.
const USUAL_STALENESS: Duration = Duration::from_secs(5);

/// How new the state has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// It has everything that was acknowledged before the request, by any node: the store is asked.
    #[default]
    Newest,
    /// It is in memory and at most so old; the store is asked only where it is older.
    Local(Duration),
}

impl Freshness {
    /// The state in memory, at most as old as is usual.
    #[must_use]
    pub fn local() -> Self {
        Self::Local(USUAL_STALENESS)
    }

    /// The newer of two demands.
    pub(crate) fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Local(one), Self::Local(other)) => Self::Local(one.min(other)),
            _ => Self::Newest,
        }
    }
}

/// The operator's settings of a server's surfaces.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether to limit requests as Amazon Connect does: 2 a second, bursts of 5, per account and region.
    pub throttle: bool,
    /// Whether the server listens on a loopback address: decisions then need no token while an instance has none.
    pub loopback: bool,
    /// Whether the server terminates TLS itself.
    pub tls: bool,
    /// Where clients reach the server, such as `https://access.example.com`, without a slash at the end. Without it, the
    /// host that the client named.
    pub public_url: Option<String>,
    /// The decision log, if there is one.
    pub decision_log: Option<DecisionLogTarget>,
    /// How new the state behind a decision has to be, unless the request says it.
    pub freshness: Freshness,
}

/// The output of the decision log, and the decisions that are kept.
#[derive(Clone, Debug)]
pub struct DecisionLogTarget {
    /// The file; `None` for standard output.
    pub file: Option<PathBuf>,
    /// The part of the allows that is kept, from 0 to 1. Denials are always kept.
    pub sample: f64,
    /// The size in bytes from which a file is rotated: renamed, and a new one begun.
    pub rotate: Option<u64>,
}

/// A server that could not be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError(pub String);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}
