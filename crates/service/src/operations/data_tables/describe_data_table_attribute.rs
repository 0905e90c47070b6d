//! DescribeDataTableAttribute.

use lanyard_wire::shapes::{DescribeDataTableAttributeRequest, DescribeDataTableAttributeResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// An attribute, without its values.
pub(crate) fn run(
    cx: &Read<'_>,
    input: &DescribeDataTableAttributeRequest,
) -> Result<DescribeDataTableAttributeResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    let attribute = find::attribute(cx, &table.id, &input.attribute_name)?;
    Ok(DescribeDataTableAttributeResponse { attribute: Some(view::attribute(cx, &table, &attribute)) })
}
