//! UpdateQuickConnectName.

use lanyard_model::Kind;
use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::UpdateQuickConnectNameRequest;

use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified::update;
use crate::operations::names;

/// Replaces the name, the description, or both; what is left out stays, and an empty description takes it away.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQuickConnectNameRequest) -> Result<()> {
    if input.name.is_none() && input.description.is_none() {
        return Err(Error::invalid_request("members `Name` and `Description` are both missing, one is required"));
    }
    update(cx, &input.quick_connect_id, |cx, quick_connect: &mut QuickConnect| {
        if let Some(name) = &input.name {
            names::check_free(cx, Kind::QuickConnect, name, Some(&quick_connect.id))?;
            quick_connect.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            quick_connect.description = (!description.is_empty()).then(|| description.clone());
        }
        Ok(())
    })
}
