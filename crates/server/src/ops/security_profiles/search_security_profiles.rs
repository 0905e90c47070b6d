//! SearchSecurityProfiles.

use lanyard_wire::shapes::{
    SearchSecurityProfilesRequest, SearchSecurityProfilesResponse, SecurityProfileSearchCriteria,
};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::ops::pages::Pages;
use crate::ops::search::{self, Criteria};

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The only field that can be searched.
const FIELDS: &[&str] = &["name"];

impl Criteria for SecurityProfileSearchCriteria {
    fn or(&self) -> Option<&[Self]> {
        self.or_conditions.as_deref()
    }

    fn and(&self) -> Option<&[Self]> {
        self.and_conditions.as_deref()
    }
}

/// The profiles whose name meets the criteria and whose tags pass the filter.
pub(crate) fn run(cx: &Read<'_>, input: &SearchSecurityProfilesRequest) -> Result<SearchSecurityProfilesResponse> {
    if let Some(criteria) = &input.search_criteria {
        search::each(criteria, &|node| {
            node.string_condition.as_ref().map_or(Ok(()), |condition| search::check_string(condition, FIELDS))
        })?;
    }
    let query = format!("{:?} {:?}", input.search_criteria, input.search_filter);
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let tag_filter = input.search_filter.as_ref().and_then(|filter| filter.tag_filter.as_ref());
    let matches = |profile: &lanyard_model::resources::SecurityProfile| {
        let name_holds = |node: &SecurityProfileSearchCriteria| {
            node.string_condition.as_ref().is_none_or(|condition| search::string_holds(condition, &profile.name))
        };
        input.search_criteria.as_ref().is_none_or(|criteria| search::holds(criteria, &name_holds))
            && tag_filter.is_none_or(|filter| search::tags_pass(filter, &profile.tags))
    };
    let total = cx.security_profiles.values().filter(|profile| matches(profile)).count();
    let rest = pages.rest(&cx.security_profiles).filter(|(_, profile)| matches(profile));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    let instance = cx.instance_id();
    let found = page.into_iter().map(|(_, it)| view::found(&cx.call.scope, &instance, it)).collect();
    Ok(SearchSecurityProfilesResponse {
        security_profiles: Some(found),
        next_token,
        approximate_total_count: i64::try_from(total).ok(),
    })
}
