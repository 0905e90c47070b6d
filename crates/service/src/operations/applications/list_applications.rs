//! ListApplications.

use lanyard_wire::appintegrations::shapes::{ListApplicationsRequest, ListApplicationsResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 50;

/// The applications of the account and region, or those of a type, in the order of their identifiers.
pub(crate) fn run(cx: &Read<'_>, input: &ListApplicationsRequest) -> Result<ListApplicationsResponse> {
    let query = format!("{:?}", input.application_type);
    let pages = Pages::new(cx, "", query.as_bytes(), input.next_token.as_deref(), input.max_results, MOST)?;
    let wanted = input.application_type.as_ref().map(|it| it.as_str());
    let rest = pages
        .rest(&cx.registered_applications)
        .filter(|(_, it)| wanted.is_none_or(|wanted| it.application_type.as_str() == wanted));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    let summaries = page.into_iter().map(|(_, it)| view::summary(&cx.call.scope, it)).collect();
    Ok(ListApplicationsResponse { applications: Some(summaries), next_token })
}
