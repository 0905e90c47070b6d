//! ListIntegrationAssociations.

use lanyard_model::resources::IntegrationAssociation;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{
    IntegrationAssociationSummary, IntegrationType, ListIntegrationAssociationsRequest,
    ListIntegrationAssociationsResponse, SourceType,
};

use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;
use crate::operations::security_profiles::view::timestamp;

/// The longest page (the API model's bound).
const MOST: usize = 100;

/// The associations of an instance, or those of a type, or with an ARN, in the order of their identifiers.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListIntegrationAssociationsRequest,
) -> Result<ListIntegrationAssociationsResponse> {
    let query = format!("{:?} {:?}", input.integration_type, input.integration_arn);
    let token = input.next_token.as_deref();
    let pages = Pages::new(cx, &input.instance_id, query.as_bytes(), token, input.max_results, MOST)?;
    let matches = |it: &IntegrationAssociation| {
        input.integration_type.as_ref().is_none_or(|kind| kind.as_str() == it.integration_type)
            && input.integration_arn.as_ref().is_none_or(|arn| *arn == it.integration_arn)
    };
    let rest = pages.rest(&cx.integration_associations).filter(|(_, it)| matches(it));
    let (page, next_token) = pages.cut(rest, |(id, _)| id.to_string());
    let summaries = page.into_iter().map(|(_, it)| summary(cx, it)).collect();
    Ok(ListIntegrationAssociationsResponse { integration_association_summary_list: Some(summaries), next_token })
}

fn summary(cx: &Read<'_>, it: &IntegrationAssociation) -> IntegrationAssociationSummary {
    let key = Key { kind: Kind::IntegrationAssociation, id: it.id.clone() };
    IntegrationAssociationSummary {
        integration_association_id: Some(it.id.to_string()),
        integration_association_arn: Some(cx.arn(&key)),
        instance_id: Some(cx.instance_id().to_string()),
        integration_type: Some(IntegrationType::from_wire(&it.integration_type)),
        integration_arn: Some(it.integration_arn.clone()),
        source_application_url: it.source_application_url.clone(),
        source_application_name: it.source_application_name.clone(),
        source_type: it.source_type.as_deref().map(SourceType::from_wire),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}
