//! Users: the people of the contact centre, who hold security profiles.

mod channels;
mod checks;
pub(crate) mod create_user;
pub(crate) mod delete_user;
pub(crate) mod describe_user;
pub(crate) mod list_users;
mod search_filter;
pub(crate) mod search_users;
pub(crate) mod update_user_config;
pub(crate) mod update_user_hierarchy;
pub(crate) mod update_user_identity_info;
pub(crate) mod update_user_phone_config;
pub(crate) mod update_user_routing_profile;
pub(crate) mod update_user_security_profiles;
mod view;

pub(crate) use checks::check_restricted_profiles;
