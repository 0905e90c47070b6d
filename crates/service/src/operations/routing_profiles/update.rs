//! What the updates of a routing profile have in common.

use lanyard_model::resources::RoutingProfile;

use super::describe_routing_profile::find;
use crate::context::Write;
use crate::error::Result;

/// Changes the profile that a member of the request names, and notes when and where that was.
pub(super) fn update(
    cx: &mut Write<'_>,
    id: &str,
    change: impl FnOnce(&Write<'_>, &mut RoutingProfile) -> Result<()>,
) -> Result<()> {
    let mut profile = RoutingProfile::clone(&*find(cx, id)?);
    change(cx, &mut profile)?;
    profile.last_modified_time = cx.now;
    profile.last_modified_region.clone_from(&cx.call.scope.region);
    cx.put(profile)
}
