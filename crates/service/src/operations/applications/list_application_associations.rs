//! ListApplicationAssociations.

use lanyard_wire::appintegrations::shapes::{
    ApplicationAssociationSummary, ListApplicationAssociationsRequest, ListApplicationAssociationsResponse,
};

use super::{associations, find};
use crate::context::{Call, Read};
use crate::error::Result;
use crate::operations::pages::Pages;
use crate::service::Service;

/// The longest page (the API model's bound).
const MOST: usize = 50;

/// The associations of an application, in the order of the instances' identifiers. The client of one is its instance.
pub(crate) fn run(
    service: &Service,
    call: &Call,
    cx: &Read<'_>,
    input: &ListApplicationAssociationsRequest,
) -> Result<ListApplicationAssociationsResponse> {
    let application = find(cx, &call.scope, &input.application_id)?;
    let arn = call.scope.application_arn(&application.id);
    let pages = Pages::new(cx, "", arn.as_bytes(), input.next_token.as_deref(), input.max_results, MOST)?;
    let items = associations::of(service, call, &arn).into_iter().map(|(instance, association)| {
        let summary = ApplicationAssociationSummary {
            application_association_arn: Some(format!(
                "{}/{association}",
                arn.replacen(":application/", ":application-association/", 1)
            )),
            application_arn: Some(arn.clone()),
            client_id: Some(call.scope.instance_arn(&instance)),
        };
        (format!("{instance}/{association}"), summary)
    });
    let (page, next_token) = pages.cut_list(items);
    Ok(ListApplicationAssociationsResponse { application_associations: Some(page), next_token })
}
