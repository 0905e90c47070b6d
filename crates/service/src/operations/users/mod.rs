//! Users: the people of the contact centre, who hold security profiles.

mod channels;
mod checks;
mod create;
mod read;
mod search;
mod search_filter;
mod view;
mod write;

pub(crate) use create::{create_user, create_user_in_change_set, make_user};
pub(crate) use read::{describe_user, list_users};
pub(crate) use search::search_users;
pub(crate) use write::{
    delete_user, update_user_config, update_user_hierarchy, update_user_identity_info, update_user_phone_config,
    update_user_routing_profile, update_user_security_profiles,
};

pub(crate) use checks::check_restricted_profiles;
