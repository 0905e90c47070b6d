//! UpdateUserIdentityInfo.

use lanyard_model::resources::User;
use lanyard_wire::shapes::UpdateUserIdentityInfoRequest;

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::Result;
use crate::operations::modified::update;

/// Replaces a user's name and addresses: what is not sent is cleared.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserIdentityInfoRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.identity_info = checks::identity_info(&*cx.instance()?, Some(&input.identity_info))?;
        Ok(())
    })
}
