//! UpdateUserConfig.

use lanyard_model::resources::User;
use lanyard_wire::shapes::UpdateUserConfigRequest;

use super::channels::{Lists, lists};
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces the lists of settings by channel that are sent and leaves the others as they were; an empty list clears.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserConfigRequest) -> Result<()> {
    update(cx, &input.user_id, |_, user: &mut User| lists!(input).apply(&mut user.channel_configs))
}
