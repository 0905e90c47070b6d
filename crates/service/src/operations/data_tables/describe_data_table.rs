//! DescribeDataTable.

use lanyard_wire::shapes::{DescribeDataTableRequest, DescribeDataTableResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// A table without its attributes and values.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeDataTableRequest) -> Result<DescribeDataTableResponse> {
    let table = find::table(cx, &input.data_table_id)?;
    Ok(DescribeDataTableResponse { data_table: Some(view::table(cx, &table)) })
}
