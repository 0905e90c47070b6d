//! Security profiles described, listed and searched.

use lanyard_model::resources::SecurityProfile;
use lanyard_wire::shapes::{
    DescribeSecurityProfileRequest, DescribeSecurityProfileResponse, ListSecurityProfilesRequest,
    ListSecurityProfilesResponse, SearchSecurityProfilesRequest, SearchSecurityProfilesResponse,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::references::find;
use crate::operations::{pages, search};

/// The profile, without its four lists, which have operations of their own.
pub(crate) fn describe_security_profile(
    cx: &Read<'_>,
    input: &DescribeSecurityProfileRequest,
) -> Result<DescribeSecurityProfileResponse> {
    let profile = find::<SecurityProfile>(cx, &input.security_profile_id)?;
    let described = view::profile(cx, &profile);
    Ok(DescribeSecurityProfileResponse { security_profile: Some(described) })
}

/// The profiles of an instance, in the order of their identifiers.
pub(crate) fn list_security_profiles(
    cx: &Read<'_>,
    input: &ListSecurityProfilesRequest,
) -> Result<ListSecurityProfilesResponse> {
    let instance = cx.instance_id();
    let row = |it: &_| view::summary(&cx.call.scope, &instance, it);
    let (rows, next_token) = pages::of_table(cx, input, &cx.security_profiles, row)?;
    Ok(ListSecurityProfilesResponse { security_profile_summary_list: Some(rows), next_token })
}

/// The only field that can be searched.
const FIELDS: &[&str] = &["name"];

/// The profiles whose name meets the criteria and whose tags pass the filter.
pub(crate) fn search_security_profiles(
    cx: &Read<'_>,
    input: &SearchSecurityProfilesRequest,
) -> Result<SearchSecurityProfilesResponse> {
    let page = search::by_fields(cx, input, FIELDS, &cx.security_profiles, |condition, profile| {
        search::string_holds(condition, &profile.name)
    })?;
    let instance = cx.instance_id();
    Ok(SearchSecurityProfilesResponse {
        security_profiles: page.rows(|it| view::search_row(&cx.call.scope, &instance, it)),
        next_token: page.next_token,
        approximate_total_count: page.total,
    })
}
