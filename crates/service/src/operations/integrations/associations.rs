//! Integration associations created, deleted and listed.

use lanyard_model::resources::{IntegrationAssociation, RegisteredApplication};
use lanyard_model::{Id, Key, Kind, Stored};
use lanyard_store::Secret;
use lanyard_wire::shapes::{
    CreateIntegrationAssociationRequest, CreateIntegrationAssociationResponse, DeleteIntegrationAssociationRequest,
    IntegrationAssociationSummary, IntegrationType, ListIntegrationAssociationsRequest,
    ListIntegrationAssociationsResponse, SourceType,
};

use crate::context::{Call, InstanceState, Read, Write};
use crate::error::{Error, Excerpt, Result};
use crate::operations::applications::associations;
use crate::operations::members::timestamp;
use crate::operations::part;
use crate::operations::{pages, references};
use crate::service::{Reply, Service, Unparsed, instance_id};

/// Associates the instance with a resource of another service. An application of the account and region has to be
/// registered; a resource of any other service need not exist here.
pub(crate) async fn create_integration_association(
    service: &Service,
    call: &Call,
    input: CreateIntegrationAssociationRequest,
) -> Result<Reply> {
    let id = instance_id(&call.scope, &input.instance_id)?;
    service.write_in(call, &id, move |cx| make_association(cx, &input)).await
}

/// Makes the association as part of a change-set, during which its application is not deleted.
pub(crate) fn create_integration_association_in_change_set(
    cx: &mut Write<'_>,
    instance: &Id,
    request: &Unparsed<'_>,
    _: Option<&Secret>,
) -> Result<Vec<u8>> {
    part::part(cx, instance, request, make_association)
}

/// Makes the association.
pub(crate) fn make_association(
    cx: &mut Write<'_>,
    input: &CreateIntegrationAssociationRequest,
) -> Result<CreateIntegrationAssociationResponse> {
    check(input)?;
    check_registered(cx, input)?;
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

/// Checks rules that the constraints of the model do not have: an ARN has the form of one, and events come from an
/// application.
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

/// Refuses an application of this account and region that is not registered.
fn check_registered(cx: &mut Write<'_>, input: &CreateIntegrationAssociationRequest) -> Result<()> {
    let named = cx.call.scope.parse_application_arn(&input.integration_arn);
    cx.rests_on_registry |= named.is_some() && input.integration_type.as_str() == associations::APPLICATION;
    let is_registered =
        |id| cx.registry.as_ref().is_some_and(|registry| registry.registered_applications.contains_key(id));
    match named {
        Some(id) if input.integration_type.as_str() == associations::APPLICATION && !is_registered(&id) => {
            Err(Error::not_found(RegisteredApplication::NOUN, &input.integration_arn))
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

/// Deletes an association. Use cases, which would prevent it, are not served.
pub(crate) fn delete_integration_association(
    cx: &mut Write<'_>,
    input: &DeleteIntegrationAssociationRequest,
) -> Result<()> {
    let id = references::existing(cx, Kind::IntegrationAssociation, &input.integration_association_id)?;
    cx.delete(Kind::IntegrationAssociation, &id)
}

/// The associations of an instance, or those of a type, or with an ARN, in the order of their identifiers.
pub(crate) fn list_integration_associations(
    cx: &Read<'_>,
    input: &ListIntegrationAssociationsRequest,
) -> Result<ListIntegrationAssociationsResponse> {
    let query = format!("{:?} {:?}", input.integration_type, input.integration_arn);
    let is_wanted = |it: &IntegrationAssociation| {
        input.integration_type.as_ref().is_none_or(|kind| kind.as_str() == it.integration_type)
            && input.integration_arn.as_ref().is_none_or(|arn| *arn == it.integration_arn)
    };
    let row = |it: &_| summary(cx, it);
    let (rows, next_token) = pages::of_filtered(cx, input, &query, &cx.integration_associations, is_wanted, row)?;
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
