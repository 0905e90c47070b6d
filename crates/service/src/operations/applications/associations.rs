//! The instances that use an application, by their integration associations of the type `APPLICATION`.
//!
//! An association is in its instance's stream, an application in the registry. The write that makes an association rests
//! on the registry's last entry, and the write that deletes an application on the last entries of all instances: so no
//! association names an application that is gone, whatever node made either.

use std::sync::Arc;

use lanyard_model::Id;
use lanyard_model::resources::IntegrationAssociation;

use crate::context::Call;
use crate::error::Result;
use crate::service::Service;
use crate::snapshot::Snapshot;
use crate::stream_writer::StreamWriter;

/// The type of the associations that count.
pub(crate) const APPLICATION: &str = "APPLICATION";

/// Whether an association is with the application of this ARN.
pub(crate) fn is_with(it: &IntegrationAssociation, arn: &str) -> bool {
    it.integration_type == APPLICATION && it.integration_arn == arn
}

/// An instance and its writer.
pub(crate) type Associable = (Id, Arc<StreamWriter<Snapshot>>);

/// The instances of the caller's account and region, in the order of their identifiers.
pub(crate) async fn instances(service: &Service, call: &Call) -> Result<Vec<Associable>> {
    let Some(registry) = service.node.find_registry(&call.scope).await? else { return Ok(Vec::new()) };
    let mut instances = Vec::new();
    for id in registry.writer.read().instance_records.keys() {
        // An instance that was deleted a moment ago has no associations.
        let Some(instance) = service.node.any_instance(id).await? else { continue };
        instances.push((id.clone(), instance.writer));
    }
    Ok(instances)
}

/// The associations with an application, each with its instance, in the order of both identifiers.
pub(crate) fn of(instances: &[Associable], arn: &str) -> Vec<(Id, Id)> {
    let mut associated = Vec::new();
    for (instance, writer) in instances {
        let directory = writer.read();
        let with = directory.integration_associations.values().filter(|it| is_with(it, arn));
        associated.extend(with.map(|it| (instance.clone(), it.id.clone())));
    }
    associated
}
