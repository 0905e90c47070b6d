//! What the operator of a server can set.

use lanyard_model::catalogue::Catalogue;

use crate::access::DecisionLogTarget;
use crate::door::SessionLimits;
use crate::quotas::Quotas;

/// What to do with a well-formed permission that the catalogue does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownPermissions {
    /// Store it, say so in the log, and suggest the nearest names in a header of the answer.
    #[default]
    Warn,
    /// Refuse the request with `InvalidParameterException`.
    Reject,
}

/// The settings of a server that its operations see.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How many resources of each kind an instance may have.
    pub quotas: Quotas,
    /// What to do with permissions outside the catalogue.
    pub unknown_permissions: UnknownPermissions,
    /// The permissions that are known, where they are more than the built-in ones.
    pub catalogue: Option<Catalogue>,
    /// Whether to limit requests as the service does: 2 a second, bursts of 5, per account and region.
    pub throttle: bool,
    /// Whether the server listens on a loopback address: decisions then need no token while an instance has none.
    pub loopback: bool,
    /// Whether the server speaks TLS itself.
    pub tls: bool,
    /// Where clients reach the server, such as `https://access.example.com`, without a slash at the end. Without it,
    /// what a client asked for.
    pub public_url: Option<String>,
    /// How long the sessions of users last.
    pub sessions: SessionLimits,
    /// Where decisions are written down.
    pub decision_log: Option<DecisionLogTarget>,
}

impl Config {
    /// The permissions that are known.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.catalogue.as_ref().unwrap_or_else(|| Catalogue::builtin())
    }
}
