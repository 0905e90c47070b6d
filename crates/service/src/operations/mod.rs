//! The operations, each a function of its own name, in folders by resource, and their common parts.
//!
//! `list.rs` lists all of them.

pub mod applications;
pub(crate) mod client_tokens;
pub(crate) mod data_tables;
pub(crate) mod flow_modules;
pub(crate) mod hierarchy;
pub(crate) mod hours_of_operation;
mod ids;
pub(crate) mod in_use;
pub(crate) mod instances;
pub(crate) mod integrations;
mod list;
mod members;
mod modified;
mod names;
mod pages;
mod part;
pub(crate) mod queues;
pub(crate) mod quick_connects;
mod references;
pub(crate) mod routing_profiles;
mod search;
pub(crate) mod security_profiles;
pub(crate) mod tags;
pub(crate) mod users;

pub(crate) use list::in_change_set;
pub use list::{Declaration, OPERATIONS, declaration, dispatch};
