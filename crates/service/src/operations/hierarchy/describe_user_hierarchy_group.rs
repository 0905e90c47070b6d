//! DescribeUserHierarchyGroup.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::HierarchyGroup;
use lanyard_wire::shapes::{DescribeUserHierarchyGroupRequest, DescribeUserHierarchyGroupResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::ids;

/// The group, and the path to it.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &DescribeUserHierarchyGroupRequest,
) -> Result<DescribeUserHierarchyGroupResponse> {
    let group = find(cx, &input.hierarchy_group_id)?;
    Ok(DescribeUserHierarchyGroupResponse { hierarchy_group: Some(view::group(cx, &group)) })
}

/// The group that a member of the request names.
pub(crate) fn find(cx: &impl InstanceState, id: &str) -> Result<Arc<HierarchyGroup>> {
    let found = cx.hierarchy_groups.get(&ids::id(cx, Kind::HierarchyGroup, id));
    let seen = found.filter(|it| cx.can_view(Kind::HierarchyGroup, &it.id));
    seen.cloned().ok_or_else(|| Error::not_found(Kind::HierarchyGroup.noun(), id))
}
