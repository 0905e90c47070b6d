//! The settings of a server's operator.

use lanyard_authn::SessionLimits;
use lanyard_model::catalogue::Catalogue;

use crate::quotas::Quotas;

/// The treatment of unknown names in a security profile: a well-formed permission outside the catalogue, or a
/// namespace, tool, agent or flow module that is not registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownPermissions {
    /// Store it, with a warning in the log and in a header of the answer that has the nearest permissions.
    #[default]
    Warn,
    /// Refuse the request with `InvalidParameterException`.
    Reject,
}

/// The settings that operations use.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How many resources of each kind there may be.
    pub quotas: Quotas,
    /// The treatment of permissions outside the catalogue, and of other unknown names.
    pub unknown_permissions: UnknownPermissions,
    /// The permissions that are known, where they are more than the built-in ones.
    pub catalogue: Option<Catalogue>,
    /// How long the sessions of users last.
    pub sessions: SessionLimits,
    /// About how many bytes of instances are kept in memory; as many as are used, where there is none.
    pub memory: Option<u64>,
}

impl Config {
    /// The permissions that are known.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        self.catalogue.as_ref().unwrap_or_else(|| Catalogue::builtin())
    }
}
