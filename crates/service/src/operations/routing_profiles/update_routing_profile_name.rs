//! UpdateRoutingProfileName.

use lanyard_model::Kind;
use lanyard_wire::shapes::UpdateRoutingProfileNameRequest;

use super::create_routing_profile::name_taken;
use super::update::update;
use crate::context::Write;
use crate::error::{Error, Result};

/// Replaces the name, the description or both; what is not sent stays. One of them is required.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileNameRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile| {
        if input.name.is_none() && input.description.is_none() {
            return Err(Error::invalid_request("one of the members `Name` and `Description` is required"));
        }
        if let Some(name) = &input.name {
            if cx.find_name(Kind::RoutingProfile, name).is_some_and(|holder| *holder != profile.id) {
                return Err(name_taken(name));
            }
            profile.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            profile.description.clone_from(description);
        }
        Ok(())
    })
}
