//! SearchSecurityProfiles.

use lanyard_wire::shapes::{
    SearchSecurityProfilesRequest, SearchSecurityProfilesResponse, SecurityProfileSearchCriteria,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::search::{self, Asked};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The only field that can be searched.
const FIELDS: &[&str] = &["name"];

search::criteria!(SecurityProfileSearchCriteria);

/// The profiles whose name meets the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchSecurityProfilesRequest) -> Result<SearchSecurityProfilesResponse> {
    search::check(input.search_criteria.as_ref(), FIELDS)?;
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let asked = Asked {
        instance: &input.instance_id,
        query: &query,
        is_everything: input.search_criteria.is_none() && input.search_filter.is_none(),
        token: input.next_token.as_deref(),
        max_results: input.max_results,
        most: MOST,
    };
    let tag_filter = search::checked(input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref()))?;
    let matches = |profile: &lanyard_model::resources::SecurityProfile| {
        search::meets(input.search_criteria.as_ref(), &|condition| search::string_holds(condition, &profile.name))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &profile.tags))
    };
    let found = search::page(cx, &asked, &cx.security_profiles, matches)?;
    let instance = cx.instance_id();
    let shown = found.page.into_iter().map(|it| view::found(&cx.call.scope, &instance, it)).collect();
    Ok(SearchSecurityProfilesResponse {
        security_profiles: Some(shown),
        next_token: found.next_token,
        approximate_total_count: found.total,
    })
}
