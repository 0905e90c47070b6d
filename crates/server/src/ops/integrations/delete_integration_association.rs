//! DeleteIntegrationAssociation.

use lanyard_model::Kind;
use lanyard_wire::shapes::DeleteIntegrationAssociationRequest;

use crate::context::Write;
use crate::error::{Error, Result};
use crate::ops::ids;

/// Deletes an association. Use cases, which would stand in the way, are not served.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteIntegrationAssociationRequest) -> Result<()> {
    let text = &input.integration_association_id;
    let id = ids::id(cx, Kind::IntegrationAssociation, text);
    if !cx.integration_associations.contains_key(&id) {
        return Err(Error::not_found(Kind::IntegrationAssociation.noun(), text));
    }
    cx.delete(Kind::IntegrationAssociation, &id)
}
