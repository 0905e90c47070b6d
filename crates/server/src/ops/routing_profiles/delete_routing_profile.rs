//! DeleteRoutingProfile.

use lanyard_model::Kind;
use lanyard_wire::ErrorKind;
use lanyard_wire::shapes::DeleteRoutingProfileRequest;

use super::describe_routing_profile::find;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};

/// Deletes a profile that nobody has. The one that came with the instance is not protected: it is the customer's too.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteRoutingProfileRequest) -> Result<()> {
    let id = find(cx, &input.routing_profile_id)?.id.clone();
    let user = cx.referrers(Kind::RoutingProfile, &id).next().cloned();
    let Some(user) = user else { return cx.delete(Kind::RoutingProfile, &id) };
    let message = format!("the routing profile `{id}` is in use by the {} `{}`", user.kind.noun(), user.id);
    Err(Error::new(ErrorKind::ResourceInUseException, message).with_member("ResourceId", cx.arn(&user)))
}
