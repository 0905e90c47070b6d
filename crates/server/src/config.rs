//! What the operator of a server can set.

use lanyard_model::catalogue::Catalogue;

use crate::access::DecisionLogTarget;
use crate::quotas::Quotas;
use crate::session_access::SessionLimits;

/// What to do with what a security profile names and nothing has: a well-formed permission outside the catalogue, or a
/// namespace, tool, agent or flow module that is not registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownPermissions {
    /// Store it, and say so in the log and in a header of the answer, with the nearest permissions.
    #[default]
    Warn,
    /// Refuse the request with `InvalidParameterException`.
    Reject,
}

/// The settings of a server that its operations see.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How many resources of each kind there may be.
    pub quotas: Quotas,
    /// What to do with permissions outside the catalogue, and with what else is not there.
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
