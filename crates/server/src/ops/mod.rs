//! The operations, one file each, in folders by what they are about; beside them what several share.

pub(crate) mod applications;
pub(crate) mod client_tokens;
pub(crate) mod data_tables;
pub(crate) mod flow_modules;
pub(crate) mod hierarchy;
pub(crate) mod hours_of_operation;
mod ids;
pub(crate) mod in_use;
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
pub(crate) mod users;
