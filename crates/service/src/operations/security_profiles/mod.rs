//! Security profiles, and the AI agents that hold them.

pub(crate) mod associate_security_profiles;
mod checks;
pub(crate) mod create_security_profile;
pub(crate) mod delete_security_profile;
pub(crate) mod describe_security_profile;
pub(crate) mod disassociate_security_profiles;
mod entities;
pub(crate) mod list_entity_security_profiles;
pub(crate) mod list_security_profile_ai_agents;
pub(crate) mod list_security_profile_applications;
pub(crate) mod list_security_profile_flow_modules;
pub(crate) mod list_security_profile_permissions;
pub(crate) mod list_security_profiles;
mod registered;
pub(crate) mod search_security_profiles;
pub(crate) mod update_security_profile;
pub(crate) mod view;
