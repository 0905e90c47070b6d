//! DescribeQuickConnect.

use std::sync::Arc;

use lanyard_model::Kind;
use lanyard_model::resources::QuickConnect;
use lanyard_wire::shapes::{DescribeQuickConnectRequest, DescribeQuickConnectResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};
use crate::operations::ids;

/// The quick connect.
pub(crate) fn run(cx: &Read<'_>, input: &DescribeQuickConnectRequest) -> Result<DescribeQuickConnectResponse> {
    let quick_connect = find(cx, &input.quick_connect_id)?;
    let described = view::quick_connect(cx, &quick_connect);
    Ok(DescribeQuickConnectResponse { quick_connect: Some(described) })
}

/// The quick connect that a member of the request names.
pub(super) fn find(cx: &impl InstanceState, quick_connect_id: &str) -> Result<Arc<QuickConnect>> {
    let found = cx.quick_connects.get(&ids::id(cx, Kind::QuickConnect, quick_connect_id));
    let seen = found.filter(|it| cx.can_view(Kind::QuickConnect, &it.id));
    seen.cloned().ok_or_else(|| Error::not_found(Kind::QuickConnect.noun(), quick_connect_id))
}
