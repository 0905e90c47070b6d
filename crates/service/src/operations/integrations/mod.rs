//! Integration associations: what an instance uses of other services.

pub(crate) mod create_integration_association;
pub(crate) mod delete_integration_association;
pub(crate) mod list_integration_associations;
