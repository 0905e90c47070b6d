//! CreateIntegrationAssociation.

use lanyard_model::resources::IntegrationAssociation;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{
    CreateIntegrationAssociationRequest, CreateIntegrationAssociationResponse, IntegrationType,
};

use crate::context::{InstanceState, Write};
use crate::error::{Error, Excerpt, Result};

/// Notes that the instance uses something. What its ARN names is of another service and need not exist here.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &CreateIntegrationAssociationRequest,
) -> Result<CreateIntegrationAssociationResponse> {
    check(input)?;
    let (kind, arn) = (input.integration_type.as_str(), &input.integration_arn);
    if cx.integration_associations.values().any(|it| it.integration_type == kind && it.integration_arn == *arn) {
        return Err(Error::duplicate(format!("there is an association of the type {kind} with `{arn}` already")));
    }
    let id = cx.new_id();
    cx.put(IntegrationAssociation {
        id: id.clone(),
        integration_type: kind.to_owned(),
        integration_arn: arn.clone(),
        source_application_url: input.source_application_url.clone(),
        source_application_name: input.source_application_name.clone(),
        source_type: input.source_type.as_ref().map(|it| it.as_str().to_owned()),
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    })?;
    Ok(CreateIntegrationAssociationResponse {
        integration_association_id: Some(id.to_string()),
        integration_association_arn: Some(cx.arn(&Key { kind: Kind::IntegrationAssociation, id })),
    })
}

/// What the constraints of the model do not say: an ARN has the form of one, and events come from an application.
fn check(input: &CreateIntegrationAssociationRequest) -> Result<()> {
    let arn = &input.integration_arn;
    if !is_arn(arn) {
        return Err(Error::invalid_parameter(format!(
            "member `IntegrationArn` has value `{}`, must be of the form arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE",
            Excerpt(arn)
        )));
    }
    let required = [
        ("SourceApplicationUrl", input.source_application_url.is_some()),
        ("SourceApplicationName", input.source_application_name.is_some()),
        ("SourceType", input.source_type.is_some()),
    ];
    match required.iter().find(|(_, is_sent)| !is_sent) {
        Some((member, _)) if input.integration_type == IntegrationType::Event => {
            Err(Error::invalid_parameter(format!("member `{member}` is required when `IntegrationType` is EVENT")))
        }
        _ => Ok(()),
    }
}

/// Whether text has the parts of an ARN; region and account may be empty, as in those of buckets.
fn is_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", partition, service, _, _, resource]
        if !partition.is_empty() && !service.is_empty() && !resource.is_empty())
}
