//! The operations, one file each, in folders by what they are about; beside them what several share.

mod ids;
mod in_use;
pub(crate) mod instances;
pub(crate) mod integrations;
mod pages;
pub(crate) mod queues;
pub(crate) mod quick_connects;
mod references;
pub(crate) mod routing_profiles;
mod search;
pub(crate) mod security_profiles;
pub(crate) mod tags;
