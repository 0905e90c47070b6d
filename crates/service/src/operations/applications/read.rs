//! Applications read and listed, and their associations.

use lanyard_wire::appintegrations::shapes::{
    ApplicationAssociationSummary, GetApplicationRequest, GetApplicationResponse, ListApplicationAssociationsRequest,
    ListApplicationAssociationsResponse, ListApplicationsRequest, ListApplicationsResponse,
};

use super::{associations, find, view};
use crate::context::{Call, Read};
use crate::error::Result;
use crate::operations::pages::Pages;
use crate::service::{Reply, Service};

/// The longest page (the API model's bound).
const MOST: usize = 50;

/// An application with all its members.
pub(crate) fn get_application(cx: &Read<'_>, input: &GetApplicationRequest) -> Result<GetApplicationResponse> {
    Ok(view::whole(&cx.call.scope, &*find(cx, &cx.call.scope, &input.arn)?))
}

/// The applications of the account and region, or those of a type, in the order of their identifiers.
pub(crate) fn list_applications(cx: &Read<'_>, input: &ListApplicationsRequest) -> Result<ListApplicationsResponse> {
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

/// The associations of an application, in the order of the instances' identifiers. The client of one is its instance.
pub(crate) async fn list_application_associations(
    service: &Service,
    call: &Call,
    input: &ListApplicationAssociationsRequest,
) -> Result<Reply> {
    let instances = associations::instances(service, call).await?;
    service.read_in_registry(call, |cx| associations_page(cx, call, &instances, input)).await
}

fn associations_page(
    cx: &Read<'_>,
    call: &Call,
    instances: &[associations::Associable],
    input: &ListApplicationAssociationsRequest,
) -> Result<ListApplicationAssociationsResponse> {
    let application = find(cx, &call.scope, &input.application_id)?;
    let arn = call.scope.application_arn(&application.id);
    let pages = Pages::new(cx, "", arn.as_bytes(), input.next_token.as_deref(), input.max_results, MOST)?;
    let items = associations::of(instances, &arn).into_iter().map(|(instance, association)| {
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
