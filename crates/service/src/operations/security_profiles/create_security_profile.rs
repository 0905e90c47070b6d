//! CreateSecurityProfile.

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{CreateSecurityProfileRequest, CreateSecurityProfileResponse};

use super::checks::{Members, members};
use crate::context::{InstanceState, Write};
use crate::error::Result;
use crate::operations::names;

/// Makes a profile. Its name is unique in the instance; names that differ in case alone are different names.
pub(crate) fn run(cx: &mut Write<'_>, input: &CreateSecurityProfileRequest) -> Result<CreateSecurityProfileResponse> {
    let name = &input.security_profile_name;
    names::check_free(cx, Kind::SecurityProfile, name, None)?;
    cx.config.quotas.check(cx, Kind::SecurityProfile)?;
    let mut profile = SecurityProfile::named(cx.new_id(), name, cx.now, &cx.call.scope.region);
    profile.tags = input.tags.clone().unwrap_or_default();
    members!(input).apply(cx, &mut profile)?;
    let id = profile.id.clone();
    cx.put(profile)?;
    Ok(CreateSecurityProfileResponse {
        security_profile_arn: Some(cx.arn(&Key { kind: Kind::SecurityProfile, id: id.clone() })),
        security_profile_id: Some(id.to_string()),
    })
}
