//! DeleteSecurityProfile.

use lanyard_model::{Id, Kind};
use lanyard_wire::ErrorKind;
use lanyard_wire::shapes::DeleteSecurityProfileRequest;

use super::describe_security_profile::find;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};

/// Deletes a profile that nobody holds. The built-in ones are not protected: they are the customer's too.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteSecurityProfileRequest) -> Result<()> {
    let id: Id = find(cx, &input.security_profile_id)?.id.clone();
    let holder = cx.referrers(Kind::SecurityProfile, &id).next().cloned();
    let Some(holder) = holder else { return cx.delete(Kind::SecurityProfile, &id) };
    let arn = match holder.kind {
        Kind::AiAgent => holder.id.to_string(),
        _ => cx.arn(&holder),
    };
    let message = format!("the security profile `{id}` is held by the {} `{}`", holder.kind.noun(), holder.id);
    let error = Error::new(ErrorKind::ResourceInUseException, message).with_member("ResourceId", arn);
    // Both members are about the holder; the enumeration has no value for an AI agent.
    Err(if holder.kind == Kind::User { error.with_member("ResourceType", "USER") } else { error })
}
