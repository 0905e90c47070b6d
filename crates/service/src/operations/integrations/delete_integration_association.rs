//! DeleteIntegrationAssociation.

use lanyard_model::Kind;
use lanyard_wire::shapes::DeleteIntegrationAssociationRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::references;

/// Deletes an association. Use cases, which would stand in the way, are not served.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteIntegrationAssociationRequest) -> Result<()> {
    let id = references::existing(cx, Kind::IntegrationAssociation, &input.integration_association_id)?;
    cx.delete(Kind::IntegrationAssociation, &id)
}
