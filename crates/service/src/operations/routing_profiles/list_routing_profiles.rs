//! ListRoutingProfiles.

use lanyard_wire::shapes::{ListRoutingProfilesRequest, ListRoutingProfilesResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages;

/// The profiles of an instance, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListRoutingProfilesRequest) -> Result<ListRoutingProfilesResponse> {
    let (rows, next_token) = pages::of_table(cx, input, &cx.routing_profiles, |it| view::summary(cx, it))?;
    Ok(ListRoutingProfilesResponse { routing_profile_summary_list: Some(rows), next_token })
}
