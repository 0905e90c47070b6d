//! CreateQuickConnect.

use lanyard_model::resources::QuickConnect;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{CreateQuickConnectRequest, CreateQuickConnectResponse};

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::Result;
use crate::operations::names;

/// Makes a quick connect. The person or queue that it leads to must exist.
pub(crate) fn run(cx: &mut Write<'_>, input: &CreateQuickConnectRequest) -> Result<CreateQuickConnectResponse> {
    names::check_free(cx, Kind::QuickConnect, &input.name, None)?;
    cx.config.quotas.check(cx, Kind::QuickConnect)?;
    let quick_connect = QuickConnect {
        id: cx.new_id(),
        name: input.name.clone(),
        description: input.description.clone(),
        destination: checks::destination(cx, &input.quick_connect_config)?,
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    let key = Key { kind: Kind::QuickConnect, id: quick_connect.id.clone() };
    cx.put(quick_connect)?;
    Ok(CreateQuickConnectResponse { quick_connect_arn: Some(cx.arn(&key)), quick_connect_id: Some(key.id.to_string()) })
}
