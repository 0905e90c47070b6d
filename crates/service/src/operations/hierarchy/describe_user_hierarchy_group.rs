//! DescribeUserHierarchyGroup.

use lanyard_model::resources::HierarchyGroup;
use lanyard_wire::shapes::{DescribeUserHierarchyGroupRequest, DescribeUserHierarchyGroupResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;

/// The group, and the path to it.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &DescribeUserHierarchyGroupRequest,
) -> Result<DescribeUserHierarchyGroupResponse> {
    let group = find::<HierarchyGroup>(cx, &input.hierarchy_group_id)?;
    Ok(DescribeUserHierarchyGroupResponse { hierarchy_group: Some(view::group(cx, &group)) })
}
