//! UpdateQuickConnectConfig.

use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::UpdateQuickConnectConfigRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces where a quick connect leads; its type may become another.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateQuickConnectConfigRequest) -> Result<()> {
    update(cx, &input.quick_connect_id, |cx, quick_connect: &mut QuickConnect| {
        quick_connect.destination = checks::destination(cx, &input.quick_connect_config)?;
        Ok(())
    })
}
