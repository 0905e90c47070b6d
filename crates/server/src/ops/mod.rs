//! The operations, one file each, in folders by what they are about; beside them what several share.

pub(crate) mod client_tokens;
pub(crate) mod flow_modules;
pub(crate) mod ids;
pub(crate) mod instances;
mod pages;
mod search;
pub(crate) mod security_profiles;
pub(crate) mod tags;
