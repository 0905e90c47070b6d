//! Security profiles, and the AI agents that hold them.

mod checks;
mod entities;
mod lists;
mod read;
mod registered;
pub(crate) mod view;
mod write;

pub(crate) use entities::{associate_security_profiles, disassociate_security_profiles, list_entity_security_profiles};
pub(crate) use lists::{
    list_security_profile_ai_agents, list_security_profile_applications, list_security_profile_flow_modules,
    list_security_profile_permissions,
};
pub(crate) use read::{describe_security_profile, list_security_profiles, search_security_profiles};
pub(crate) use write::{create_security_profile, delete_security_profile, update_security_profile};
