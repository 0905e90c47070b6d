//! Checks that creating and updating a queue share.

use lanyard_model::resources::OutboundCallerConfig;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes;

use crate::context::InstanceState;
use crate::error::{Error, Result};
use crate::operations::references;

/// The quick connects that a member names, each once.
pub(super) fn quick_connects(cx: &impl InstanceState, named: &[String]) -> Result<Vec<Id>> {
    let mut ids = Vec::new();
    for text in named {
        let id = references::existing(cx, Kind::QuickConnect, text)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The caller ID of calls out, from the member; `None` when it is empty. The service refuses empty identifiers.
pub(super) fn outbound_caller_config(config: &shapes::OutboundCallerConfig) -> Result<Option<OutboundCallerConfig>> {
    let identifiers = [
        ("OutboundCallerIdNumberId", &config.outbound_caller_id_number_id),
        ("OutboundFlowId", &config.outbound_flow_id),
    ];
    if let Some((member, _)) = identifiers.iter().find(|(_, value)| value.as_deref() == Some("")) {
        return Err(Error::invalid_parameter(format!(
            "member `OutboundCallerConfig.{member}` is empty, give an identifier or leave the member out"
        )));
    }
    let config = OutboundCallerConfig {
        caller_id_name: config.outbound_caller_id_name.clone(),
        caller_id_number_id: config.outbound_caller_id_number_id.clone(),
        flow_id: config.outbound_flow_id.clone(),
    };
    Ok((config != OutboundCallerConfig::default()).then_some(config))
}
