//! A person who is in no state and holds one security profile: the principal of a question about the profile itself.

use lanyard_model::resources::{ChannelConfigs, User};
use lanyard_model::{Id, Tags, Timestamp};

/// The beginning of the identifier of the holder of a security profile. No resource has such an identifier.
const HOLDER: &str = "holder of ";

/// The identifier of the person who holds exactly this security profile.
pub(crate) fn id_of(profile: &str) -> String {
    format!("{HOLDER}{profile}")
}

/// The identifier of the security profile of a holder; `None` for another principal.
pub(crate) fn holder_of(id: &str) -> Option<&str> {
    id.strip_prefix(HOLDER)
}

/// The person who holds exactly this security profile, and has neither a hierarchy group nor tags.
pub(crate) fn of_profile(profile: &Id) -> User {
    let id = id_of(&profile.to_string());
    user_with_profiles(Id::new(&id), &id, vec![profile.clone()])
}

/// A user with nothing but these security profiles.
#[must_use]
pub fn user_with_profiles(id: Id, username: &str, security_profile_ids: Vec<Id>) -> User {
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
