//! UpdateRoutingProfileConcurrency.

use lanyard_wire::shapes::UpdateRoutingProfileConcurrencyRequest;

use super::concurrencies;
use super::update::update;
use crate::context::Write;
use crate::error::Result;

/// Replaces what a profile says of all channels: one that is not sent is gone.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateRoutingProfileConcurrencyRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |_, profile| {
        profile.media_concurrencies = concurrencies::read(&input.media_concurrencies)?;
        Ok(())
    })
}
