//! CreateSecurityProfile.

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{CreateSecurityProfileRequest, CreateSecurityProfileResponse};

use super::checks::Members;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};

/// Makes a profile. Its name is unique in the instance; names that differ in case alone are different names.
pub(crate) fn run(cx: &mut Write<'_>, input: &CreateSecurityProfileRequest) -> Result<CreateSecurityProfileResponse> {
    let name = &input.security_profile_name;
    if cx.find_name(Kind::SecurityProfile, name).is_some() {
        return Err(Error::duplicate(format!("there is a security profile named `{name}` in this instance already")));
    }
    cx.config.quotas.check(cx, Kind::SecurityProfile)?;
    let mut profile = SecurityProfile::named(cx.new_id(), name, cx.now, &cx.call.scope.region);
    profile.tags = input.tags.clone().unwrap_or_default();
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
    let id = profile.id.clone();
    cx.put(profile)?;
    Ok(CreateSecurityProfileResponse {
        security_profile_arn: Some(cx.arn(&Key { kind: Kind::SecurityProfile, id: id.clone() })),
        security_profile_id: Some(id.to_string()),
    })
}
