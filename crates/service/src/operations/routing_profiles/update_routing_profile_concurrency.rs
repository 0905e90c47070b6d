//! UpdateRoutingProfileConcurrency.

use lanyard_model::resources::RoutingProfile;
use lanyard_wire::shapes::UpdateRoutingProfileConcurrencyRequest;

use super::concurrencies;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces what a profile says of all channels: one that is not sent is gone.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileConcurrencyRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |_, profile: &mut RoutingProfile| {
        profile.media_concurrencies = concurrencies::read(&input.media_concurrencies)?;
        Ok(())
    })
}
