//! UpdateUserPhoneConfig.

use lanyard_model::resources::User;
use lanyard_wire::shapes::UpdateUserPhoneConfigRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces the settings of a user's telephone: what is not sent is cleared. Settings by channel stay.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserPhoneConfigRequest) -> Result<()> {
    update(cx, &input.user_id, |_, user: &mut User| {
        user.phone_config = Some(checks::phone_config(&input.phone_config)?);
        Ok(())
    })
}
