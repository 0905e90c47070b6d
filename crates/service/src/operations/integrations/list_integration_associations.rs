//! ListIntegrationAssociations.

use lanyard_model::resources::IntegrationAssociation;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{
    IntegrationAssociationSummary, IntegrationType, ListIntegrationAssociationsRequest,
    ListIntegrationAssociationsResponse, SourceType,
};

use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;
use crate::operations::security_profiles::view::timestamp;

/// The associations of an instance, or those of a type, or with an ARN, in the order of their identifiers.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &ListIntegrationAssociationsRequest,
) -> Result<ListIntegrationAssociationsResponse> {
    let query = format!("{:?} {:?}", input.integration_type, input.integration_arn);
    let asked = |it: &IntegrationAssociation| {
        input.integration_type.as_ref().is_none_or(|kind| kind.as_str() == it.integration_type)
            && input.integration_arn.as_ref().is_none_or(|arn| *arn == it.integration_arn)
    };
    let row = |it: &_| summary(cx, it);
    let (rows, next_token) = pages::of_filtered(cx, input, &query, &cx.integration_associations, asked, row)?;
    Ok(ListIntegrationAssociationsResponse { integration_association_summary_list: Some(rows), next_token })
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
