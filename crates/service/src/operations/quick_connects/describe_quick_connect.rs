//! DescribeQuickConnect.

use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::{DescribeQuickConnectRequest, DescribeQuickConnectResponse};

use super::view;
use crate::context::Read;
use crate::error::Result;
use crate::operations::references::find;

/// The quick connect.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeQuickConnectRequest) -> Result<DescribeQuickConnectResponse> {
    let quick_connect = find::<QuickConnect>(cx, &input.quick_connect_id)?;
    let described = view::quick_connect(cx, &quick_connect);
    Ok(DescribeQuickConnectResponse { quick_connect: Some(described) })
}
