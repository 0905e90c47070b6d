//! A person who is in no state and may hold a security profile of it.

use lanyard_analysis::provisional;
use lanyard_answers::user_with_profiles;
use lanyard_model::resources::User;
use lanyard_model::{Id, Kind};

/// The beginning of the text that the identifiers of possible holders are made of.
pub(crate) const HOLDER: &str = "a holder of ";

/// The possible holder of one profile.
pub(crate) fn possible_holder(profile: &Id, username: &str) -> User {
    user_with_profiles(provisional(Kind::User, &format!("{HOLDER}{profile}")), username, vec![profile.clone()])
}
