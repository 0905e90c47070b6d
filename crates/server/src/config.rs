//! What the operator of a server can set.

use lanyard_model::catalogue::Catalogue;

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
}
