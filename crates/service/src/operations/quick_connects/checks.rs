//! Checks that creating and updating a quick connect share.

use lanyard_model::Kind;
use lanyard_model::resources::Destination;
use lanyard_wire::shapes::{QuickConnectConfig, QuickConnectType};

use crate::context::InstanceState;
use crate::error::{Error, Result};
use crate::operations::references;

/// The destination of a configuration. It has the one member that its type requires, and the user or queue exists.
pub(super) fn destination(cx: &impl InstanceState, config: &QuickConnectConfig) -> Result<Destination> {
    let members = (&config.user_config, &config.queue_config, &config.phone_config, &config.flow_config);
    match (&config.quick_connect_type, members) {
        (QuickConnectType::User, (Some(it), None, None, None)) => Ok(Destination::User {
            user_id: references::existing(cx, Kind::User, &it.user_id)?,
            contact_flow_id: flow_id("UserConfig", &it.contact_flow_id)?,
        }),
        (QuickConnectType::Queue, (None, Some(it), None, None)) => Ok(Destination::Queue {
            queue_id: references::existing(cx, Kind::Queue, &it.queue_id)?,
            contact_flow_id: flow_id("QueueConfig", &it.contact_flow_id)?,
        }),
        (QuickConnectType::PhoneNumber, (None, None, Some(it), None)) => {
            Ok(Destination::PhoneNumber { phone_number: it.phone_number.clone() })
        }
        (QuickConnectType::Flow, (None, None, None, Some(it))) => {
            Ok(Destination::Flow { contact_flow_id: flow_id("FlowConfig", &it.contact_flow_id)? })
        }
        (kind, _) => Err(Error::invalid_parameter(format!(
            "member `QuickConnectConfig` does not fit its type `{kind}`: it must have one configuration, `UserConfig` for \
             USER, `QueueConfig` for QUEUE, `PhoneConfig` for PHONE_NUMBER, `FlowConfig` for FLOW"
        ))),
    }
}

/// Flows are not served, so that any identifier is taken, except the empty one.
fn flow_id(member: &str, id: &str) -> Result<String> {
    if id.is_empty() {
        return Err(Error::invalid_parameter(format!(
            "member `QuickConnectConfig.{member}.ContactFlowId` is empty, it must name a flow"
        )));
    }
    Ok(id.to_owned())
}
