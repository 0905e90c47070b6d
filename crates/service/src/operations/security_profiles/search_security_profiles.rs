//! SearchSecurityProfiles.

use lanyard_wire::shapes::{SearchSecurityProfilesRequest, SearchSecurityProfilesResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::search;

/// The only field that can be searched.
const FIELDS: &[&str] = &["name"];

/// The profiles whose name meets the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchSecurityProfilesRequest) -> Result<SearchSecurityProfilesResponse> {
    let found = search::by_fields(cx, input, FIELDS, &cx.security_profiles, |condition, profile| {
        search::string_holds(condition, &profile.name)
    })?;
    let instance = cx.instance_id();
    Ok(SearchSecurityProfilesResponse {
        security_profiles: found.rows(|it| view::found(&cx.call.scope, &instance, it)),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}
