//! UpdateSecurityProfile, the operation that this project began with.

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Id, Kind};
use lanyard_wire::shapes::UpdateSecurityProfileRequest;

use super::checks::Members;
use super::describe_security_profile::find;
use crate::context::Write;
use crate::error::Result;
use crate::ops::users::check_restricted_profiles;

/// Replaces the members that are sent and leaves the others as they were; an empty member clears
/// (`facts/access-semantics`, W1 to W8). The name and the resource tags have no member here and stay.
///
/// The time and region of the last modification move even when no member is sent.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateSecurityProfileRequest) -> Result<()> {
    let before = find(cx, &input.security_profile_id)?;
    let mut profile = SecurityProfile::clone(&before);
    let members = Members {
        description: input.description.as_ref(),
        permissions: input.permissions.as_ref(),
        allowed_access_control_tags: input.allowed_access_control_tags.as_ref(),
        tag_restricted_resources: input.tag_restricted_resources.as_ref(),
        applications: input.applications.as_ref(),
        hierarchy_restricted_resources: input.hierarchy_restricted_resources.as_ref(),
        allowed_access_control_hierarchy_group_id: input.allowed_access_control_hierarchy_group_id.as_ref(),
        allowed_flow_modules: input.allowed_flow_modules.as_ref(),
        allowed_ai_agents: input.allowed_ai_agents.as_ref(),
        granular_access_control_configuration: input.granular_access_control_configuration.as_ref(),
    };
    members.apply(cx, &mut profile)?;
    profile.last_modified_time = cx.now;
    profile.last_modified_region.clone_from(&cx.call.scope.region);
    let becomes_restricted = profile.is_restricted() && !before.is_restricted();
    cx.put(profile)?;
    if becomes_restricted { check_holders(cx, &before.id) } else { Ok(()) }
}

/// Refuses a restriction that gives someone who holds the profile more restricted profiles than a user may have.
fn check_holders(directory: &Directory, id: &Id) -> Result<()> {
    let holders = directory.referrers(Kind::SecurityProfile, id).filter(|holder| holder.kind == Kind::User);
    let mut users = holders.filter_map(|holder| directory.users.get(&holder.id));
    users.try_for_each(|user| check_restricted_profiles(directory, user))
}
