//! What the operator of a server can set.

use lanyard_authn::SessionLimits;
use lanyard_model::catalogue::Catalogue;

use crate::quotas::Quotas;

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

/// The settings that operations see.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How many resources of each kind there may be.
    pub quotas: Quotas,
    /// What to do with permissions outside the catalogue, and with what else is not there.
    pub unknown_permissions: UnknownPermissions,
    /// The permissions that are known, where they are more than the built-in ones.
    pub catalogue: Option<Catalogue>,
    /// How long the sessions of users last.
    pub sessions: SessionLimits,
}

impl Config {
    /// The permissions that are known.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        self.catalogue.as_ref().unwrap_or_else(|| Catalogue::builtin())
    }
}
