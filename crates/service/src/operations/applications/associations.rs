//! The instances that use an application, by their integration associations of the type `APPLICATION`.
//!
//! An association is in its instance's stream, an application in the registry. An operation that makes an association
//! or deletes an application holds the registry's lock meanwhile, so that no association names an application that is
//! gone.

use lanyard_model::Id;
use lanyard_model::resources::IntegrationAssociation;

use crate::context::Call;
use crate::service::Service;

/// The type of the associations that count.
pub(crate) const APPLICATION: &str = "APPLICATION";

/// Whether an association is with the application of this ARN.
pub(crate) fn is_with(it: &IntegrationAssociation, arn: &str) -> bool {
    it.integration_type == APPLICATION && it.integration_arn == arn
}

/// The associations with an application, each with its instance, in the order of both identifiers.
pub(crate) fn of(service: &Service, call: &Call, arn: &str) -> Vec<(Id, Id)> {
    let Some(registry) = service.node.find_registry(&call.scope) else { return Vec::new() };
    let mut associated = Vec::new();
    for instance in registry.writer.read().instance_records.keys() {
        // An instance that was deleted a moment ago has no associations.
        let Ok(served) = service.node.instance(&call.scope, instance) else { continue };
        let directory = served.writer.read();
        let with = directory.integration_associations.values().filter(|it| is_with(it, arn));
        associated.extend(with.map(|it| (instance.clone(), it.id.clone())));
    }
    associated
}
