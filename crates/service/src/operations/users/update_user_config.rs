//! UpdateUserConfig.

use lanyard_wire::shapes::UpdateUserConfigRequest;

use super::channels::Lists;
use super::update;
use crate::context::Write;
use crate::error::Result;

/// Replaces the lists of settings by channel that are sent and leaves the others as they were; an empty list clears.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserConfigRequest) -> Result<()> {
    let lists = Lists {
        auto_accept: input.auto_accept_configs.as_ref(),
        after_contact_work: input.after_contact_work_configs.as_ref(),
        phone_number: input.phone_number_configs.as_ref(),
        persistent_connection: input.persistent_connection_configs.as_ref(),
        voice_enhancement: input.voice_enhancement_configs.as_ref(),
    };
    update(cx, &input.user_id, |_, user| lists.apply(&mut user.channel_configs))
}
