//! A person who is in no state and may hold a security profile of it.

use lanyard_analysis::provisional;
use lanyard_model::resources::{ChannelConfigs, User};
use lanyard_model::{Id, Kind, Tags, Timestamp};

/// The beginning of the text that the identifiers of possible holders are made of.
pub(crate) const HOLDER: &str = "a holder of ";

/// The possible holder of one profile.
pub(crate) fn possible_holder(profile: &Id, username: &str) -> User {
    user(provisional(Kind::User, &format!("{HOLDER}{profile}")), username, vec![profile.clone()])
}

/// A user with nothing but these profiles.
pub(crate) fn user(id: Id, username: &str, security_profile_ids: Vec<Id>) -> User {
    User {
        id,
        username: username.to_owned(),
        identity_info: None,
        phone_config: None,
        channel_configs: ChannelConfigs::default(),
        directory_user_id: None,
        security_profile_ids,
        routing_profile_id: Id::new(""),
        hierarchy_group_id: None,
        tags: Tags::new(),
        last_modified_time: Timestamp::default(),
        last_modified_region: String::new(),
    }
}
