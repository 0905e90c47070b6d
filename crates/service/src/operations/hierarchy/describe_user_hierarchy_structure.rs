//! DescribeUserHierarchyStructure.

use lanyard_model::resources::HierarchyStructure;
use lanyard_wire::shapes::{DescribeUserHierarchyStructureRequest, DescribeUserHierarchyStructureResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;

/// The levels. An instance without any is answered without `HierarchyStructure`: Terraform takes an empty one for a
/// structure that is still there.
pub(crate) fn run(
    cx: &Read<'_>,
    _: &DescribeUserHierarchyStructureRequest,
) -> Result<DescribeUserHierarchyStructureResponse> {
    let structure = cx.hierarchy_structures.get(&HierarchyStructure::only());
    Ok(DescribeUserHierarchyStructureResponse { hierarchy_structure: structure.map(|it| view::structure(cx, it)) })
}
