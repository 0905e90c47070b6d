//! UpdateRoutingProfileName.

use lanyard_model::Kind;
use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::UpdateRoutingProfileNameRequest;

use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified::update;
use crate::operations::names;

/// Replaces the name, the description or both; what is not sent stays. One of them is required.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileNameRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        if input.name.is_none() && input.description.is_none() {
            return Err(Error::invalid_request("one of the members `Name` and `Description` is required"));
        }
        if let Some(name) = &input.name {
            names::check_free(cx, Kind::RoutingProfile, name, Some(&profile.id))?;
            profile.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            profile.description.clone_from(description);
        }
        Ok(())
    })
}
