//! UpdateUserHierarchy.

use lanyard_model::resources::User;
use lanyard_wire::shapes::UpdateUserHierarchyRequest;

use super::checks;
use crate::context::Write;
use crate::error::Result;
use crate::operations::modified::update;

/// Moves a user to a hierarchy group; without one, or with an empty one, out of the hierarchy.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateUserHierarchyRequest) -> Result<()> {
    update(cx, &input.user_id, |cx, user: &mut User| {
        user.hierarchy_group_id = checks::hierarchy_group(cx, input.hierarchy_group_id.as_deref())?;
        Ok(())
    })
}
