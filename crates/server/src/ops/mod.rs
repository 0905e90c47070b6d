//! The operations, one file each, in folders by what they are about; beside them what several share.

mod ids;
pub(crate) mod instances;
mod pages;
mod references;
mod search;
pub(crate) mod security_profiles;
pub(crate) mod tags;
pub(crate) mod users;
